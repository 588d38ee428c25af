import type { Queryable } from "../db/session.js";
import { type QualifiedName, qualified } from "../sql/identifier.js";
import { literal } from "../sql/literal.js";
import { sql } from "../sql/text.js";

/**
 * A developer's or a pipeline's new database: the table is there, holds no row, and no other session has touched it in a
 * transaction that is still open. Asked again before each revision, as nobody is locked out meanwhile.
 */
export async function isFresh(db: Queryable, table: QualifiedName): Promise<boolean> {
  const { there } = await db.one<{ there: boolean }>(
    sql`select to_regclass(${literal(qualified(table))}) is not null as there`,
  );
  if (!there) return false;
  const { fresh } = await db.one<{ fresh: boolean }>(
    sql`select not exists (select from ${qualified(table)})
           and not exists (select from pg_catalog.pg_locks l
                            where l.locktype = 'relation' and l.relation = ${literal(qualified(table))}::regclass
                              and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
                              and l.pid <> pg_backend_pid()) as fresh`,
  );
  return fresh;
}
