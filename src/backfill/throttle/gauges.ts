/** Everything that a throttle looks at, each under its name: the server's signals, and what people declared. */
import type { Session } from "../../db/session.js";
import { isConnectionError, ServerError, SQLSTATE } from "../../db/sqlstate.js";
import type { Canary } from "./canary.js";
import type { Declared } from "./declared.js";
import type { Bounds, Reading } from "./judge.js";
import { CANARY, SIGNAL_NAMES, type SignalName } from "./names.js";
import { readQuery } from "./query.js";
import { type Ground, SIGNALS } from "./signals.js";

/** Who asks, and where. */
export type Asking = Ground & {
  /** quoted where SQL needs it */
  readonly role: string;
};

export type Gauge = {
  readonly name: string;
  /** where nobody has set others; null: what is read says its own */
  readonly bounds: Bounds | null;
  readonly says: (value: number, whose: string) => string;
  /**
   * `alone`: on a connection of its own, and never while another one is held. What goes wrong with it is a reading, too; throws
   * when the server cannot be asked at all.
   */
  readonly reads:
    | { readonly alone: () => Promise<Reading> }
    | { readonly within: (session: Session, asking: Asking) => Promise<Reading> };
};

const NOTHING: Reading = { value: 0, whose: "" };

/** Each has a memory of its own: for one fill. */
export function gaugesOf({ queries }: Declared, canary: Canary | null, pace: Bounds | null): readonly Gauge[] {
  return [
    ...SIGNAL_NAMES.map(serverGauge),
    ...queries.map(({ name, sql, bounds }) => ({
      name,
      bounds,
      says: (value: number, whose: string) => `its query gives ${short(value)}${whose === "" ? "" : ` (${whose})`}`,
      reads: { within: (session: Session) => readQuery(session, sql) },
    })),
    ...(canary === null
      ? []
      : [
          {
            name: CANARY,
            bounds: pace,
            says: (value: number, whose: string) => `95 % of ${whose} took up to ${short(value)} ms`,
            reads: { alone: () => canary.reading() },
          },
        ]),
  ];
}

const short = (value: number) => Number(value.toPrecision(4));

function serverGauge(name: SignalName): Gauge {
  const { slow, stop, says, applies, query, memory } = SIGNALS[name];
  const remembers = memory?.();
  return {
    name,
    bounds: { slow, stop },
    says,
    reads: {
      within: async (session, asking) => {
        try {
          if (applies !== undefined && (await session.maybeOne(applies)) === null) return NOTHING;
          const rows = await session.query<Reading>(query(asking));
          return worstOf(remembers?.see(rows, performance.now()) ?? rows, asking.role);
        } catch (error) {
          if (!(error instanceof ServerError) || isConnectionError(error)) throw error;
          const grant = error.sqlstate === SQLSTATE.insufficientPrivilege ? `; ${toSee(asking.role)}` : "";
          return { value: null, whose: `${error.message}${grant}` };
        }
      },
    },
  };
}

/** A value that cannot be seen is the worst. */
export function worstOf(rows: readonly Reading[], role: string): Reading {
  const hidden = rows.find(({ value }) => value === null);
  if (hidden !== undefined) {
    const what = hidden.whose === "" ? "it" : hidden.whose;
    return { value: null, whose: `${what} is hidden from role ${role}; ${toSee(role)}` };
  }
  return rows.reduce<Reading>((worst, row) => ((row.value ?? 0) > (worst.value ?? 0) ? row : worst), NOTHING);
}

const toSee = (role: string) => `to see it: grant pg_monitor to ${role}`;
