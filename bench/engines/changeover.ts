/** This engine, as its user has it: the whole command, with its start, its verify and its end. */
import { changeover } from "../cli.js";
import type { Engine } from "./engine.js";

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
  };
}
