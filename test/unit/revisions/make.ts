/** Small revisions to build graphs of: `p1.expand` has an id, and links are given by such names. */
import { createHash } from "node:crypto";
import { ChangeoverError } from "../../../src/errors.js";
import { finishRevision } from "../../../src/revisions/format.js";
import { buildGraph, type Graph, type GraphOptions } from "../../../src/revisions/graph.js";
import type { Phase, Revision, RevisionBody } from "../../../src/revisions/revision.js";
import { sql, trusted } from "../../../src/sql/text.js";

export type Spec = Partial<RevisionBody> & {
  readonly after?: string | readonly string[];
  readonly needs?: string | readonly string[];
};

/** 12 hex digits for a name, the same everywhere. */
export function idFor(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 12);
}

export const EMPTY: RevisionBody = {
  plan: null,
  name: "revision",
  title: "",
  change: null,
  lane: "trunk",
  phase: null,
  runner: "transactional",
  scope: null,
  expects: [],
  gate: [],
  undoGate: [],
  deploy: null,
  irreversible: null,
  upgrade: [],
  downgrade: [],
  fill: null,
};

const PHASE_OF: Record<string, Phase> = {
  expand: "expand",
  dual: "dual-write",
  fill: "backfill",
  index: "backfill",
  switch: "contract",
  drop: "contract",
};

const list = (value: string | readonly string[] = []) => (typeof value === "string" ? [value] : value).map(idFor);

/**
 * A name like `p1.fill` makes a revision of the plan p1 in the phase that the word stands for, on the table t_p1; any other
 * name a hand-written one.
 */
export function revision(name: string, spec: Spec = {}): Revision {
  const { after, needs, ...fields } = spec;
  const [plan, word] = name.includes(".") ? name.split(".") : [];
  const phase = PHASE_OF[word ?? ""] ?? null;
  const planned: Partial<RevisionBody> =
    plan === undefined
      ? { upgrade: [step(`create table ${name} ()`)] }
      : {
          plan,
          phase,
          lane: phase === "expand" || phase === "dual-write" ? "trunk" : "tail",
          scope: { table: { schema: "app", name: `t_${plan}` }, columns: ["c"], added: null, notNull: null },
          upgrade: [step(`alter table app.t_${plan} add column ${word} int`)],
        };
  const made = finishRevision(
    { ...EMPTY, name: word ?? name, title: name, ...planned, ...fields },
    { parents: list(after), dependsOn: list(needs) },
  );
  const id = idFor(name);
  const file = plan === undefined ? `plans/${name}.sql` : `plans/0001-${plan}/${word}.sql`;
  return { ...made, id, text: made.text.replace(made.id, id), file };
}

function step(text: string): RevisionBody["upgrade"][number] {
  return {
    name: "main",
    title: "",
    sql: trusted(text, "constant"),
    locks: [],
    lockTimeoutMs: 2000,
    statementTimeoutMs: 0,
    work: "catalog",
    server: {},
    done: sql`select true`,
    heals: null,
  };
}

/** `a b p1.expand p1.dual | p1.fill p1.drop`: a chain; what follows a bar hangs off the last before it. */
export function chain(text: string, from?: string): Revision[] {
  let trunk = from;
  return text.split("|").flatMap((part) => {
    let after = trunk;
    return part
      .trim()
      .split(/\s+/)
      .map((name) => {
        const made = revision(name, after === undefined ? {} : { after });
        after = name;
        if (made.lane === "trunk") trunk = name;
        return made;
      });
  });
}

export function graphOf(revisions: readonly Revision[], options?: GraphOptions): Graph {
  return buildGraph(revisions, options);
}

export const titles = (revisions: Iterable<Revision>) => [...revisions].map((one) => one.title);

/** The error that a call refuses with; the test fails when it does not, or crashes instead. */
export const refusal = (make: () => unknown): ChangeoverError => {
  try {
    make();
  } catch (error) {
    if (error instanceof ChangeoverError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
};
