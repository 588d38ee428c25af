/** Tables for the deciders: a folder, what the journal holds, and a decision as it reads. */
import { folderGraph, knownGraph } from "../../../src/executor/known.js";
import { type Decision, decideDowngrade, decideUpgrade } from "../../../src/executor/next.js";
import type { JournalRevision, RevisionState } from "../../../src/journal/state.js";
import type { Revision } from "../../../src/revisions/revision.js";
import { parseTarget, type Resolved, resolveTarget } from "../../../src/revisions/targets.js";
import { chain } from "../revisions/make.js";
import { planRow, row } from "./journal.js";

export const TRUNK = "a p1.expand p1.dual b";
export const folder = [...chain("a p1.expand p1.dual | p1.fill p1.index p1.switch p1.drop | b")].map((one) =>
  one.name === "switch" || one.name === "drop" ? { ...one, gate: [{ kind: "confirmed" as const }] } : one,
);
const byTitle = new Map(folder.map((one) => [one.title, one]));

type Case = {
  readonly files?: readonly Revision[];
  /** what the journal's rows are made of, where that is not the files */
  readonly ran?: readonly Revision[];
  /** what the journal holds: `p1.fill:running`, or with no state: done */
  readonly applied: string;
  readonly target: string;
  readonly open?: boolean;
  readonly paused?: string;
};

export function journal(text: string, files: readonly Revision[]): JournalRevision[] {
  const known = new Map([...byTitle, ...files.map((one) => [one.title, one] as const)]);
  return text
    .split(" ")
    .filter(Boolean)
    .map((entry) => {
      const [title = "", state = "done"] = entry.split(":");
      const found = known.get(title);
      if (found === undefined) throw new Error(`no revision ${title}`);
      return row(found, state as RevisionState);
    });
}

/** As a decision reads: `run p1.fill`, `wait p1.switch`, `refuse checksum`, … */
export function say(decision: Decision): string {
  switch (decision.kind) {
    case "run":
      return `run ${decision.revision.title}${decision.again ? " again" : ""}`;
    case "done":
      return ["done", ...decision.notices.map(() => "noticed")].join(", ");
    case "wait":
      return [`wait ${decision.revision.title}`, ...decision.also.map((one) => one.revision.title)].join(", ");
    case "blocked":
      return `blocked ${decision.held.revision.title} by ${decision.held.why.kind} of ${decision.held.plan}`;
    case "refuse":
      return `refuse ${decision.error.code}`;
  }
}

export const gate = (open: boolean) => () => ({ open, unmet: open ? [] : ["nobody has confirmed"] });

export function up({ files = folder, ran = files, applied, target, open = false, paused }: Case): Decision {
  const rows = journal(applied, ran);
  const graph = folderGraph(files, rows);
  const parsed = parseTarget(target);
  // `head` of a graph with several is the decider's to refuse as well.
  const resolved: Resolved =
    parsed.kind === "head" ? { kind: "head" } : resolveTarget(parsed, { graph, applied: [], direction: "upgrade" });
  const plans = paused === undefined ? [] : [planRow(paused, "ann")];
  return decideUpgrade({ graph, applied: rows, plans, target: resolved, gateOf: gate(open) });
}

export function down({ files = folder, applied, target, open = true }: Case): Decision {
  const rows = journal(applied, files);
  const graph = knownGraph(files, rows);
  const done = rows.map((one) => one.id);
  return decideDowngrade({
    graph,
    applied: rows,
    plans: [],
    target: resolveTarget(parseTarget(target), { graph, applied: done, direction: "downgrade" }),
    gateOf: gate(open),
  });
}

export const errorOf = (decision: Decision) => ("error" in decision ? decision.error : null);
