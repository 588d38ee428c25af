export type RunResult = {
  readonly direction: "upgrade" | "downgrade";
  readonly ran: readonly {
    readonly id: string;
    readonly plan: string | null;
    readonly name: string;
    readonly title: string;
  }[];
  /** with --sql: the texts */
  readonly sql: readonly string[];
  readonly notices: readonly string[];
};

/** What an upgrade or downgrade did, a line a revision; with --sql the text that would run. */
export function renderRun(result: RunResult, sqlOnly: boolean): string {
  if (sqlOnly) return result.sql.length === 0 ? "-- nothing to run" : result.sql.join("\n\n");
  const done = result.direction === "upgrade" ? "applied" : "undone ";
  const lines = result.ran.map((r) => `${done}  ${r.id}  ${r.plan === null ? "" : `${r.plan} `}${r.name}  ${r.title}`);
  if (lines.length === 0) lines.push(result.direction === "upgrade" ? "up to date" : "nothing to undo");
  return [...lines, ...result.notices].join("\n");
}
