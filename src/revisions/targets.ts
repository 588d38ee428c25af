/** Where an upgrade or a downgrade is to end: the grammar of targets, and what they mean in a graph. */
import { ChangeoverError } from "../errors.js";
import { fileOf, type Graph, openTails } from "./graph.js";
import { nearest } from "./nearest.js";
import { PHASES, type Phase, type Revision } from "./revision.js";

export type PlanPoint = Phase | "head" | "base";

export type Target =
  | { readonly kind: "head" | "heads" | "base" }
  /** `plan` is a slug or a folder's name */
  | { readonly kind: "plan"; readonly plan: string; readonly at: PlanPoint }
  | { readonly kind: "revision"; readonly prefix: string }
  /** +2: two trunk revisions further; -1: one back */
  | { readonly kind: "relative"; readonly steps: number };

/** A target held against a graph. Resolved once a command: a relative one would move with every revision that runs. */
export type Resolved =
  | { readonly kind: "head" | "heads" | "base" }
  | { readonly kind: "plan"; readonly slug: string; readonly at: PlanPoint }
  | { readonly kind: "revision"; readonly id: string }
  /** back to before these and all that stands on them */
  | { readonly kind: "before"; readonly ids: readonly string[] };

/** As a command takes it; null for one that would mean something else the next time: `-1`. */
export function targetText(target: Resolved): string | null {
  switch (target.kind) {
    case "plan":
      return `${target.slug}@${target.at}`;
    case "revision":
      return target.id;
    case "before":
      return null;
    default:
      return target.kind;
  }
}

export type ResolveOptions = {
  readonly graph: Graph;
  /** ids of revisions that are done in the database, in the order in which they were started; empty when not known */
  readonly applied: readonly string[];
  readonly direction: "upgrade" | "downgrade";
};

const GRAMMAR =
  "head, heads, base, <plan>@head, <plan>@<phase>, <plan>@base, a revision's id (4 digits or more), +N, -N";

/** Throws `usage` for a text that is no target. */
export function parseTarget(text: string): Target {
  if (text === "head" || text === "heads" || text === "base") return { kind: text };
  if (/^[+-]\d{1,6}$/.test(text) && Number(text) !== 0) return { kind: "relative", steps: Number(text) };
  if (/^[0-9a-f]{4,12}$/i.test(text)) return { kind: "revision", prefix: text.toLowerCase() };
  const [, plan, point] = /^([^@\s]+)@([^@\s]+)$/.exec(text) ?? [];
  if (plan !== undefined && point !== undefined) {
    const at = [...PHASES, "head" as const, "base" as const].find((candidate) => candidate === point);
    if (at !== undefined) return { kind: "plan", plan, at };
    throw new ChangeoverError("usage", `A plan has no point ${JSON.stringify(point)}.`, {
      where: text,
      hint: `One of: ${[...PHASES, "head", "base"].map((name) => `${plan}@${name}`).join(", ")}`,
    });
  }
  const named = /^[\w-]*[g-z][\w-]*$/.test(text) ? ` For the plan ${text} write ${text}@head or ${text}@<phase>.` : "";
  throw new ChangeoverError("usage", `${JSON.stringify(text)} is no target.`, {
    hint: `A target is ${GRAMMAR}.${named}`,
  });
}

/** Throws `not-found` (2), `ambiguous` or `several-heads` (4), `usage`, each with the choices. */
export function resolveTarget(target: Target, options: ResolveOptions): Resolved {
  const { graph } = options;
  switch (target.kind) {
    case "head":
      if (options.direction === "upgrade") trunkHead(graph, options.applied);
      return { kind: "head" };
    case "heads":
    case "base":
      return { kind: target.kind };
    case "plan":
      return planPoint(findPlan(graph, target.plan), target.at, options);
    case "revision":
      return { kind: "revision", id: findRevision(graph, target.prefix).id };
    case "relative":
      return target.steps > 0 ? forward(target.steps, options) : back(-target.steps, options);
  }
}

/**
 * An upgrade to a phase that a plan does not have goes as far as the phases before it. A downgrade to one would take back
 * more than its words say, and is refused.
 */
function planPoint(slug: string, at: PlanPoint, { graph, direction }: ResolveOptions): Resolved {
  const resolved = { kind: "plan", slug, at } as const;
  const own = graph.plans.get(slug)?.revisions.flatMap((revision) => revision.phase ?? []) ?? [];
  if (direction === "upgrade" || at === "head" || at === "base" || own.includes(at)) return resolved;
  const phases = PHASES.filter((phase) => own.includes(phase));
  // Nothing lies after it: there is nothing to take back.
  if (phases.every((phase) => PHASES.indexOf(phase) < PHASES.indexOf(at))) return resolved;
  const points = [...phases.filter((phase) => phase !== "contract"), "base" as const];
  throw new ChangeoverError("not-found", `Plan ${slug} has no phase ${at}: it has ${listed(phases)}.`, {
    where: `${slug}@${at}`,
    details: points.map(
      (point) =>
        `changeover downgrade ${slug}@${point}   # ${point === "base" ? "all of it" : `back to just after ${point}`}`,
    ),
    hint: "Name one of these points.",
  });
}

function listed(phases: readonly string[]): string {
  return phases.length < 2 ? phases.join("") : `${phases.slice(0, -1).join(", ")} and ${phases.at(-1)}`;
}

/** The one trunk head; null without revisions. `several-heads` with the command that joins them. */
export function trunkHead(graph: Graph, applied: Iterable<string>): string | null {
  const [head, ...others] = graph.trunkHeads;
  if (head === undefined) return null;
  if (others.length === 0) return head.id;
  const heads = [head, ...others];
  const done = new Set(applied);
  const untouched = (plan: string) => graph.plans.get(plan)?.revisions.every((r) => !done.has(r.id)) ?? false;
  const movable = [...new Set(heads.flatMap((revision) => revision.plan ?? []))].filter(untouched);
  const merge = `changeover merge ${heads.map((revision) => revision.id).join(" ")}`;
  throw new ChangeoverError(
    "several-heads",
    `Multiple heads are present for the target 'head': the trunk has ${heads.length}.`,
    {
      details: heads.map(describe),
      hint:
        movable.length === 0
          ? `Join them: ${merge}`
          : `Put a plan that has not run behind the others: changeover rebase ${movable.at(-1)} — or join them: ${merge}`,
    },
  );
}

/** A plan's slug, by slug or by the name of its folder (`0004-orders-total`). */
export function findPlan(graph: Graph, name: string): string {
  if (graph.plans.has(name)) return name;
  const slug = name.replace(/^\d+-/, "");
  const files = graph.plans.get(slug)?.revisions.flatMap((revision) => revision.file ?? []) ?? [];
  // Known from the journal alone, it has no folder whose number could be wrong.
  if (graph.plans.has(slug) && (files.length === 0 || files.some((file) => file.split("/").includes(name))))
    return slug;
  const near = nearest(slug, graph.plans.keys());
  const known = [...graph.plans.keys()];
  throw new ChangeoverError("not-found", `There is no plan ${JSON.stringify(name)} with revisions.`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.join(" or ")}?`
        : known.length > 0
          ? `Plans: ${known.slice(0, 10).join(", ")}${known.length > 10 ? ", …" : ""}`
          : "Make its revisions: changeover plan",
  });
}

/** By its id or the beginning of it. */
export function findRevision(graph: Graph, prefix: string): Revision {
  const found = [...graph.revisions.values()].filter((revision) => revision.id.startsWith(prefix));
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined)
    throw new ChangeoverError("ambiguous", `${found.length} revisions begin with ${prefix}.`, {
      details: found.map(describe),
      hint: "Give more digits.",
    });
  const near = nearest(
    prefix,
    [...graph.revisions.keys()].map((id) => id.slice(0, prefix.length)),
  );
  const meant = [...graph.revisions.values()].filter((revision) => near.some((start) => revision.id.startsWith(start)));
  const asPlan = graph.plans.has(prefix) ? ` For the plan write ${prefix}@head.` : "";
  throw new ChangeoverError("not-found", `Can't locate revision identified by '${prefix}'.`, {
    details: meant.slice(0, 3).map(describe),
    hint: `${meant.length > 0 ? "Did you mean one of these?" : "See the revisions: changeover history"}${asPlan}`,
  });
}

function describe(revision: Revision): string {
  return `${revision.id} ${revision.title} (${fileOf(revision)})`;
}

function forward(steps: number, { graph, applied, direction }: ResolveOptions): Resolved {
  if (direction === "downgrade")
    throw new ChangeoverError("usage", `+${steps} is where an upgrade goes.`, { hint: `Write -${steps}.` });
  trunkHead(graph, applied);
  const done = new Set(applied);
  const revision = graph.trunk.filter((candidate) => !done.has(candidate.id))[steps - 1];
  if (revision === undefined) throw tooFar(`+${steps}`, steps);
  return { kind: "revision", id: revision.id };
}

/** Back along the trunk. Which revision is the last one is a question of taste while a tail is open: then it is refused. */
function back(steps: number, { graph, applied, direction }: ResolveOptions): Resolved {
  if (direction === "upgrade")
    throw new ChangeoverError("usage", `-${steps} is where a downgrade goes.`, { hint: `Write +${steps}.` });
  const done = new Set(applied);
  const last = graph.revisions.get(applied.at(-1) ?? "");
  const tails = new Set(openTails(graph, done));
  // A plan that has ended where there is no way back can't be what is meant.
  if (last?.lane === "tail" && last.plan !== null && last.irreversible === null) tails.add(last.plan);
  if (tails.size > 0)
    throw new ChangeoverError("ambiguous", `-${steps} is ambiguous: ${[...tails].join(", ")} branched off the trunk.`, {
      details: [...tails]
        .flatMap((slug) => pointsBack(graph, slug, done))
        .map((point) => `changeover downgrade ${point}`),
      hint: "Say which plan to undo, and how far.",
    });
  const trunk = graph.trunk.filter((revision) => done.has(revision.id));
  if (steps > trunk.length) throw tooFar(`-${steps}`, steps);
  return { kind: "before", ids: trunk.slice(-steps).map((revision) => revision.id) };
}

/** The points of a plan that lie behind it, nearest first: `p@dual-write`, `p@expand`, `p@base`. */
function pointsBack(graph: Graph, slug: string, done: ReadonlySet<string>): string[] {
  const phases =
    graph.plans.get(slug)?.revisions.flatMap((r) => (done.has(r.id) && r.phase !== null ? [r.phase] : [])) ?? [];
  const reached = new Set(phases);
  const behind = PHASES.filter((phase) => reached.has(phase))
    .slice(0, -1)
    .reverse();
  return [...behind, "base"].map((point) => `${slug}@${point}`);
}

function tooFar(text: string, steps: number): ChangeoverError {
  return new ChangeoverError("not-found", `Relative revision ${text} didn't produce ${steps} migrations.`, {
    hint: "See how far there is to go: changeover history",
  });
}
