/**
 * What of the catalog a plan depends on, object by object, each with a hash: written into its revisions when it is
 * planned, and compared before expand and before each contract revision, on any database. And the fingerprint of a whole
 * table, by which an undo is shown to have brought everything back.
 */
import { createHash } from "node:crypto";
import type { Expectation, Scope } from "../revisions/revision.js";
import { qualified } from "../sql/identifier.js";
import {
  canonical,
  columnFacts,
  columnFactsApartFromNotNull,
  constraintFacts,
  type Facts,
  incomingFacts,
  indexFacts,
  publicationFacts,
  statisticsFacts,
  tableFacts,
  triggerFacts,
  viewFacts,
} from "./facts.js";
import { isOurs, printName } from "./names.js";
import type { Snapshot, Table, View } from "./snapshot.js";
import { withReaders } from "./views.js";

/** How an object differs from what was expected of it. */
export type Difference = {
  readonly change: "added" | "missing" | "changed";
  /** of the expectation: `index`, `column`, … */
  readonly kind: string;
  readonly name: string;
};

/**
 * The objects that a plan with this scope reads, sorted by kind and name. Ours are left out (by their names' prefixes),
 * as is `scope.added` with what mentions it alone: it must not exist when planning, which is the planner's to refuse, and
 * must exist later. Where there is no table, one entry says so.
 */
export function expectationsOf(snapshot: Snapshot, scope: Scope): Expectation[] {
  const { table } = snapshot;
  const name = qualified(scope.table);
  if (table === null) return [{ kind: "table", name, hash: null }];
  const objects = [object("table", name, tableFacts(table)), ...columnsOf(table, scope), ...dependentsOf(table, scope)];
  return objects.sort(byKindAndName);
}

/** What a comparison of two lists of expectations finds, sorted by kind and name. */
export function compareExpectations(expected: readonly Expectation[], actual: readonly Expectation[]): Difference[] {
  const before = existing(expected);
  const after = existing(actual);
  const differences: (Difference | null)[] = [...new Map([...before, ...after])].map(([key, { kind, name }]) => {
    const [was, is] = [before.get(key), after.get(key)];
    if (was === undefined) return { change: "added", kind, name };
    if (is === undefined) return { change: "missing", kind, name };
    return was.hash === is.hash ? null : { change: "changed", kind, name };
  });
  return differences.filter((d) => d !== null).sort(byKindAndName);
}

/** One line: `+ index orders_total_idx`, `- …` for a missing one, `~ …` for a changed one. */
export function printDifference({ change, kind, name }: Difference): string {
  const sign = { added: "+", missing: "-", changed: "~" }[change];
  return `${sign} ${kind} ${printName(name)}`;
}

/**
 * The whole table, one line an object: the live columns in order, everything else by kind and name. Nothing of ours is
 * left out, so that leftovers show; planner statistics, sizes, numbers of any kind are.
 */
export function tableFingerprint(table: Table): { readonly lines: string[]; readonly hash: string } {
  const all = () => true;
  const lines = [
    line("table", qualified(table), { ...tableFacts(table), owner: table.owner, comment: table.comment }),
    ...table.columns.map((c) => line("column", c.name, columnFacts(table, c))),
    ...table.indexes.map((i) => line("index", i.name, indexFacts(i))),
    // The columns tell of NOT NULL, alike on every major.
    ...table.constraints
      .filter((c) => c.kind !== "not null")
      .map((c) => line("constraint", c.name, constraintFacts(c))),
    ...table.incomingForeignKeys.map((k) => line("incoming foreign key", incomingName(k), incomingFacts(k))),
    ...table.triggers.map((t) => line("trigger", t.name, triggerFacts(t))),
    ...table.policies.map((p) => line("policy", p.name, { definition: p.definition })),
    ...table.rules.map((r) => line("rule", r.name, { columns: [...r.columns].sort() })),
    ...table.dependentViews.map((v) => line("view", qualified(v.view), viewFacts(v, v.columns))),
    ...table.publications.map((p) => line("publication", p.name, publicationFacts(p, all))),
    ...table.statistics.map((s) => line("statistics", qualified(s.name), statisticsFacts(s))),
  ];
  return { lines, hash: hashOf(lines.join("\n")) };
}

function columnsOf(table: Table, scope: Scope): Expectation[] {
  const scoped = new Set(scope.columns);
  return table.columns.flatMap((column) => {
    if (column.name === scope.added) return [];
    if (scoped.has(column.name)) {
      const facts =
        column.name === scope.notNull
          ? columnFactsApartFromNotNull(table, column, scope.added)
          : columnFacts(table, column);
      return [object("column", column.name, facts)];
    }
    if (!column.generatedFrom.some((from) => scoped.has(from))) return [];
    return [object("generated column", column.name, columnFacts(table, column))];
  });
}

/** Everything that mentions a scoped column, and every row trigger of the user's: those can change any column. */
function dependentsOf(table: Table, scope: Scope): Expectation[] {
  const scoped = (column: string) => column !== scope.added && scope.columns.includes(column);
  const mentions = (it: { readonly columns: readonly string[] }) => it.columns.some(scoped);
  const theirs = (it: { readonly name: string }) => !isOurs(it.name);
  const reads = (it: { readonly columns: readonly string[] }): Facts => ({ columns: it.columns.filter(scoped).sort() });
  const onlyAdded = (columns: readonly string[]) => columns.length > 0 && columns.every((c) => c === scope.added);
  return [
    ...table.indexes.filter((i) => theirs(i) && mentions(i)).map((i) => object("index", i.name, indexFacts(i))),
    ...table.constraints
      .filter((c) => c.kind !== "not null" && theirs(c) && mentions(c))
      .map((c) => object("constraint", c.name, constraintFacts(c))),
    ...table.incomingForeignKeys
      .filter((k) => theirs(k) && mentions(k))
      .map((k) => object("incoming foreign key", incomingName(k), incomingFacts(k))),
    ...table.triggers
      .filter((t) => t.level === "row" && theirs(t) && !onlyAdded(t.columns))
      .map((t) => object("trigger", t.name, triggerFacts(t))),
    ...table.policies
      .filter((p) => theirs(p) && mentions(p))
      .map((p) => object("policy", p.name, { definition: p.definition })),
    ...table.rules.filter((r) => theirs(r) && mentions(r)).map((r) => object("rule", r.name, reads(r))),
    ...viewsOf(table, scope),
    ...table.statistics
      .filter((s) => theirs(s.name) && mentions(s))
      .map((s) => object("statistics", qualified(s.name), statisticsFacts(s))),
    ...table.publications
      .filter((p) => p.columns === null || [...p.columns, ...p.filterColumns].some(scoped))
      .map((p) => object("publication", p.name, publicationFacts(p, scoped))),
  ];
}

/**
 * A plan that carries views has their texts in its revisions: what anybody does to one meanwhile would be lost. One that
 * makes the column anew under its own name carries the views over those as well. SET NOT NULL carries none.
 */
function viewsOf(table: Table, { columns, added, notNull }: Scope): Expectation[] {
  const scoped = (column: string) => column !== added && columns.includes(column);
  const direct = table.dependentViews.filter((v) => v.columns.some(scoped));
  const read = (v: View) => v.columns.filter(scoped).sort();
  if (added === null && notNull !== null)
    return direct.map((v) => object("view", qualified(v.view), { columns: read(v) }));
  const all = added === null || isOurs(added) ? withReaders(table, direct) : direct;
  return all.map((v) => object("view", qualified(v.view), viewFacts(v, read(v))));
}

function incomingName({ from, name }: Table["incomingForeignKeys"][number]): string {
  return `${qualified(from)}.${name}`;
}

function object(kind: string, name: string, facts: Facts): Expectation {
  return { kind, name, hash: hashOf(canonical(facts)) };
}

function line(kind: string, name: string, facts: Facts): string {
  return `${kind} ${printName(name)} ${canonical(facts)}`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

function existing(list: readonly Expectation[]): Map<string, Expectation> {
  return new Map(list.filter((e) => e.hash !== null).map((e) => [`${e.kind}\n${e.name}`, e]));
}

function byKindAndName(a: { kind: string; name: string }, b: { kind: string; name: string }): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  return a.name === b.name ? 0 : a.name < b.name ? -1 : 1;
}
