import { table } from "./table.js";
import { wrap } from "./text.js";

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

/** What an upgrade or downgrade did, a line a revision (wrapped on a terminal); with --sql the text that would run. */
export function renderRun(result: RunResult, sqlOnly: boolean, options: { readonly width: number }): string {
  if (sqlOnly) return result.sql.length === 0 ? "-- nothing to run" : result.sql.join("\n\n");
  const done = result.direction === "upgrade" ? "applied" : "undone";
  const rows = result.ran.map((r) => [done, r.id, r.plan === null ? r.name : `${r.plan}/${r.name}`, r.title]);
  const lines = table(rows, { ...options, indent: 0 });
  if (lines.length === 0) lines.push(result.direction === "upgrade" ? "up to date" : "nothing to undo");
  return [...lines, ...result.notices.flatMap((notice) => wrap(notice, options.width))].join("\n");
}
