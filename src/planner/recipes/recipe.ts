/** What a recipe is: one change kind, from its questions to the catalog to the revisions of its phases. */
import type { Column, Snapshot, Table } from "../../catalog/snapshot.js";
import type { Change } from "../../change/change.js";
import type { Fill, GateCondition, RevisionBody, Scope } from "../../revisions/revision.js";
import type { Hazard } from "../hazards.js";
import type { Finding, Refusal } from "../plan.js";
import type { Target } from "../target.js";
import type { ImpossibleView } from "../view-trial.js";

export type RecipeInput<C extends Change> = {
  readonly change: C;
  readonly slug: string;
  readonly snapshot: Snapshot;
  readonly table: Table;
  readonly column: Column;
  readonly userTriggers: Fill["userTriggers"];
  /** what the server makes of the new type; null: the change has none */
  readonly target: Target | null;
  /** views over the column that the server refuses over the changed one */
  readonly impossibleViews: readonly ImpossibleView[];
};

/** A revision before the planner adds what all revisions of the plan share. */
export type Draft = Pick<RevisionBody, "phase" | "lane" | "runner" | "name" | "title" | "upgrade" | "downgrade"> & {
  readonly deploy: { readonly oldCode: readonly [boolean, string]; readonly newCode: readonly [boolean, string] };
  readonly gate?: readonly GateCondition[];
  readonly undoGate?: readonly GateCondition[];
  readonly irreversible?: string;
  readonly fill?: Fill;
  /** where it depends on less of the catalog than the plan does, because earlier revisions have changed the rest */
  readonly scope?: Scope;
  /** objects that the plan read and that earlier revisions of its own have taken away, by kind and name */
  readonly gone?: readonly { readonly kind: string; readonly name: string }[];
};

export interface Recipe<C extends Change> {
  /** a sentence when the catalog shows the change made already; asked before the column is looked for */
  nothingToDo(change: C, table: Table, target: Target | null): string | null;
  scope(change: C, target: Target | null): Scope;
  /** the column that the backfill's UPDATE sets; null: it writes nothing */
  fillWrites(change: C, target: Target | null): string | null;
  refusals(input: RecipeInput<C>): Refusal[];
  findings(input: RecipeInput<C>): Finding[];
  hazards(input: RecipeInput<C>): Hazard[];
  /** the phases of the change, in order */
  revisions(input: RecipeInput<C>): Draft[];
}
