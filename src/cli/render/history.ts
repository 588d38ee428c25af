/** `history`, `heads` and `show`: lines as Alembic prints them, with what the journal knows added. */
import { moment } from "../../gates/words.js";
import type { LoggedEvent } from "../../journal/log.js";
import type { JournalRevision } from "../../journal/state.js";
import type { Revision } from "../../revisions/revision.js";
import type { HistoryEntry } from "../../status/history.js";
import { clean, colorsFor, displayWidth, pad, type RenderOptions, wrap } from "./text.js";

/**
 * One line a revision, newest first: `a1 -> b2 (orders-total) (head), title  [done 2026-03-04 05:06:07 UTC by ann]`. On a
 * terminal that is too narrow for it, what the journal says has a line of its own.
 */
export function renderHistory(
  entries: readonly HistoryEntry[],
  options: RenderOptions & { readonly terminal?: boolean },
): string {
  const colors = colorsFor(options);
  return entries
    .map((one) => {
      const from = one.parents.length === 0 ? "<base>" : one.parents.join(", ");
      const depends = one.dependsOn.length === 0 ? "" : ` (${one.dependsOn.join(", ")})`;
      const tail = `${marks(one)}, ${clean(one.title)}`;
      const state = `[${standing(one)}]`;
      const line = `${from}${depends} -> ${one.id}${tail}`;
      const narrow = options.terminal === true && displayWidth(`${line}  ${state}`) > options.width;
      const lines = narrow ? [...wrap(line, options.width - 4), colors.dim(state)] : [`${line}  ${colors.dim(state)}`];
      return lines.join("\n    ").replace(`-> ${one.id}`, `-> ${colors.yellow(one.id)}`);
    })
    .join("\n");
}

/** One line an event, newest first: `2026-03-04 05:06:07 UTC  orders-total  paused by ann@box (role app, from 10.0.0.7)`. */
export function renderEvents(events: readonly LoggedEvent[]): string {
  return events
    .map(({ at, actor, kind, plan, revision, data }) => {
      const { role, application, address, before, after, ...rest } = data;
      const from = [
        ...(typeof role === "string" ? [`role ${role}`] : []),
        ...(typeof application === "string" && application !== "" ? [application] : []),
        ...(typeof address === "string" ? [`from ${address}`] : []),
      ];
      const said = [
        kind,
        ...(revision === null ? [] : [revision]),
        ...(before === undefined ? [] : [`${JSON.stringify(before)} -> ${JSON.stringify(after)}`]),
        ...(Object.keys(rest).length === 0 ? [] : [JSON.stringify(rest)]),
        `by ${actor}${from.length === 0 ? "" : ` (${from.join(", ")})`}`,
      ].join(" ");
      return clean(`${moment(at)}  ${plan ?? "-"}  ${said}`);
    })
    .join("\n");
}

/** One line a head: `a1b2 (head)`, with the plan's label on a tail. */
export function renderHeads(entries: readonly HistoryEntry[], options: RenderOptions): string {
  const colors = colorsFor(options);
  return entries.map((one) => `${colors.yellow(one.id)}${marks(one)}  ${colors.dim(`[${standing(one)}]`)}`).join("\n");
}

function marks({ plan, head, branchpoint, parents }: HistoryEntry): string {
  return [
    ...(plan === null ? [] : [plan]),
    ...(head ? ["head"] : []),
    ...(branchpoint ? ["branchpoint"] : []),
    ...(parents.length > 1 ? ["mergepoint"] : []),
  ]
    .map((mark) => ` (${clean(mark)})`)
    .join("");
}

function standing({ state, appliedAt, actor }: HistoryEntry): string {
  if (appliedAt === null) return state;
  return `${state} ${moment(appliedAt)}${actor === null ? "" : ` by ${clean(actor)}`}`;
}

/** A head of facts, then the revision's text as it is (or ran): what is copied from it must be what is in the file. */
export function renderShow(revision: Revision, row: JournalRevision | null, options: RenderOptions): string {
  const colors = colorsFor(options);
  const facts: [string, string | null][] = [
    ["revision", revision.id],
    ["parent", revision.parents.length === 0 ? "<base>" : revision.parents.join(", ")],
    ["depends on", revision.dependsOn.length === 0 ? null : revision.dependsOn.join(", ")],
    ["plan", revision.plan],
    ["change", revision.change],
    ["title", revision.title],
    ["lane", revision.lane],
    ["phase", revision.phase],
    ["runner", revision.runner],
    ["file", revision.file ?? "none: as recorded in the journal"],
    ["checksum", revision.checksum],
    ["state", row?.state ?? "pending"],
    ["started", row === null ? null : `${moment(row.startedAt)} by ${row.actor}`],
    ["finished", row?.finishedAt == null ? null : moment(row.finishedAt)],
    ["blocked", row?.error?.message ?? null],
    ["no way back", revision.irreversible],
  ];
  const head = facts.flatMap(([label, text]) => (text === null ? [] : [`${colors.dim(pad(label, 12))}${clean(text)}`]));
  return `${head.join("\n")}\n\n${revision.text}`;
}
