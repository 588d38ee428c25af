/** This engine, as its user has it: the whole command, with its start, its verify and its end. */

import { changeover } from "../cli.js";
import type { Engine, Ground } from "./engine.js";

export const PLAN = {
  slug: "orders-quantity",
  yaml: `change: change_type
table: bench.orders
column: quantity
type: bigint
allow: [client-type-change]
`,
} as const;

export function changeoverEngine(workers: number): Engine {
  return {
    name: `changeover-${workers}`,
    title: `changeover, ${workers} ${workers === 1 ? "worker" : "workers"}`,
    underLoad: true,
    prepare: async () => undefined,
    fill: ({ bench, url }) => changeover(bench, url, ["worker", "--drain", "--concurrency", String(workers)]),
    fillSeconds,
  };
}

type Status = {
  readonly plans: readonly { readonly revisions: readonly Revision[] }[];
};
type Revision = { readonly runner: string; readonly startedAt: string | null; readonly finishedAt: string | null };

/** From the fill's begin to its end: without the start of the process, the validation and the verify. */
async function fillSeconds({ bench, url }: Ground): Promise<number | null> {
  const { stdout } = await changeover(bench, url, ["--json", "status", PLAN.slug]);
  const { plans } = JSON.parse(stdout) as Status;
  const fill = plans.flatMap(({ revisions }) => revisions).find(({ runner }) => runner === "backfill");
  if (!fill?.startedAt || !fill.finishedAt) return null;
  return (Date.parse(fill.finishedAt) - Date.parse(fill.startedAt)) / 1000;
}
