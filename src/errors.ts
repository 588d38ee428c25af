/**
 * Every way in which changeover can say no, on one screen.
 *
 * An error is one block: what happened (`message`), to what (`where`: file:line:column or an object), what to do
 * (`hint`). The code decides the process's exit code, so that a pipeline can tell "not there yet" from "broken".
 */

/** Error code → exit code of the process. The README documents the same table. */
export const EXIT_CODES = {
  // 1: something went wrong
  internal: 1,
  database: 1,
  connection: 1,
  privilege: 1,
  blocked: 1,
  // 2: the call or a file that a person wrote is not right
  usage: 2,
  "change-invalid": 2,
  "revision-invalid": 2,
  "graph-invalid": 2,
  "not-found": 2,
  "peer-missing": 2,
  // 3: right, but not there yet
  "not-yet": 3,
  paused: 3,
  // 4: the target names more than one thing
  "several-heads": 4,
  ambiguous: 4,
  // 5: the database or a file is not what was reviewed
  checksum: 5,
  drift: 5,
  identity: 5,
  "unknown-revision": 5,
  // 6: a lock was not obtained in time
  lock: 6,
  // 7: refused
  gate: 7,
  hazard: 7,
  refused: 7,
  irreversible: 7,
  // 130: interrupted by the user
  interrupted: 130,
} as const;

export type ErrorCode = keyof typeof EXIT_CODES;

export type ErrorOptions = {
  /** file:line:column, or the object in the database */
  readonly where?: string | undefined;
  /** what to do about it, in the imperative */
  readonly hint?: string | undefined;
  /** further lines: a diff, a list of blockers */
  readonly details?: readonly string[] | undefined;
  readonly cause?: unknown;
};

/** The only error class that leaves the library on purpose. Anything else that surfaces is a defect. */
export class ChangeoverError extends Error {
  override readonly name = "ChangeoverError";
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly hint: string | undefined;
  readonly details: readonly string[];

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.where = options.where;
    this.hint = options.hint;
    this.details = options.details ?? [];
  }

  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}

export function isChangeoverError(error: unknown, code?: ErrorCode): error is ChangeoverError {
  return error instanceof ChangeoverError && (code === undefined || error.code === code);
}
