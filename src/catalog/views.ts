/** The views above a table, in an order in which they can be made. */
import { qualified } from "../sql/identifier.js";
import type { Table, View, ViewGrant } from "./snapshot.js";

/** These views and all that read them, at any depth: each after those that it reads. */
export function withReaders(table: Table, views: readonly View[]): View[] {
  const chosen = new Set(views.map(({ view }) => qualified(view)));
  const reads = (view: View, names: ReadonlySet<string>) => view.over.some((over) => names.has(qualified(over)));
  for (let size = -1; size !== chosen.size; ) {
    size = chosen.size;
    for (const view of table.dependentViews) if (reads(view, chosen)) chosen.add(qualified(view.view));
  }
  const left = table.dependentViews.filter(({ view }) => chosen.has(qualified(view)));
  const order: View[] = [];
  while (left.length > 0) {
    const waiting = new Set(left.map(({ view }) => qualified(view)));
    const [next] = left.splice(
      Math.max(
        0,
        left.findIndex((view) => !reads(view, waiting)),
      ),
      1,
    );
    if (next !== undefined) order.push(next);
  }
  return order;
}

/** Every privilege that there is, given by one to one, is `ALL`: MAINTAIN came with 17, and GRANT ALL is known to every server. */
export function summedGrants(grants: readonly ViewGrant[], every: readonly string[]): ViewGrant[] {
  const like = (a: ViewGrant, b: ViewGrant) =>
    a.grantee === b.grantee && a.grantor === b.grantor && a.grantable === b.grantable;
  return grants.flatMap((grant) => {
    const given = grants.filter((other) => like(other, grant)).map(({ privilege }) => privilege);
    if (!every.every((privilege) => given.includes(privilege))) return [grant];
    return grant.privilege === every[0] ? [{ ...grant, privilege: "ALL" }] : [];
  });
}
