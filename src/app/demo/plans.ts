/** The demo's changes: what an engineer would write. The same files are in the repository's `plans/`. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

export const DEMO_PLANS: readonly { readonly folder: string; readonly slug: string; readonly yaml: string }[] = [
  {
    folder: "0001-orders-customer",
    slug: "orders-customer",
    yaml: `change: rename_column
table: shop.orders
column: user_id
to: customer_id
# updated_at is the application's: the backfill must not touch it
on_user_triggers: bypass
# the demo cannot wait a day; production can
soak: 0s
`,
  },
  {
    folder: "0002-orders-channel",
    slug: "orders-channel",
    yaml: `change: set_not_null
table: shop.orders
column: channel
fill: "'web'"
on_user_triggers: bypass
soak: 0s
`,
  },
  {
    folder: "0003-orders-points",
    slug: "orders-points",
    yaml: `change: change_type
table: shop.orders
column: points
type: bigint
# the release that is confirmed reads a number as well as a text
allow: [client-type-change]
on_user_triggers: bypass
soak: 0s
`,
  },
];

export async function writeDemoPlan(directory: string, plan: (typeof DEMO_PLANS)[number]): Promise<void> {
  await mkdir(join(directory, plan.folder), { recursive: true });
  await writeFile(join(directory, plan.folder, "change.yaml"), plan.yaml);
}
