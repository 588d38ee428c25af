/**
 * Parts of a verification: who looks at which pages, and how far they have come. As with slices every lease bumps the part's
 * fence, which guards all that its worker writes; leases and pauses go by the server's clock.
 */
import type { Database } from "../db/pool.js";
import type { Queryable, Session } from "../db/session.js";
import { transaction } from "../db/transaction.js";
import { sql } from "../sql/text.js";
import { workersOf } from "./limits.js";
import { VERIFICATION, type VerificationRow } from "./verifications.js";

export type PartLease = {
  readonly verification: number;
  readonly number: number;
  readonly fence: number;
  /** whose pages they are: the table, or a leaf of it, and its file */
  readonly relation: number;
  readonly filenode: number;
  readonly hi: number;
  readonly next: number;
};

/**
 * The first part that nobody has, or whose worker has let its lease run out; null: none now. A paused plan gives none, nor
 * one of which as many are worked on as it may have workers.
 */
export function leasePart(db: Database, id: number, worker: string, leaseMs: number): Promise<PartLease | null> {
  return db.borrow((session) =>
    transaction(session, {}, async () => {
      // One at a time, and the next statement sees what the one before has taken: or the plan would have one too many.
      await session.run(sql`select from changeover.verification where id = $1 for no key update`, [id]);
      return session.maybeOne<PartLease>(LEASE, [id, worker, leaseMs]);
    }),
  );
}

const LEASE = sql`with pick as materialized (
          select c.number
            from changeover.verification_part c
            join changeover.verification v on v.id = c.verification and v.finished_at is null
            join changeover.revision r on r.id = v.revision
            left join changeover.plan p on p.slug = r.plan
           where c.verification = $1 and c.next < c.hi and p.paused_at is null
             and (c.worker is null or c.lease_until < clock_timestamp())
             and (select count(*) from changeover.verification_part l
                   where l.verification = $1 and l.lease_until >= clock_timestamp()) < ${workersOf(sql`p`)}
           order by c.number limit 1 for update of c skip locked)
        update changeover.verification_part s
           set fence = s.fence + 1, worker = $2, lease_until = clock_timestamp() + $3::int * interval '1 ms'
          from pick where s.verification = $1 and s.number = pick.number
     returning s.verification, s.number, s.fence, s.relation::int8 as relation, s.hi, s.next,
               (select f.filenode::int8 from changeover.verification_file f
                 where f.verification = s.verification and f.relation = s.relation) as filenode`;

const HELD = sql`verification = $1 and number = $2 and fence = $3 and worker is not null`;
const idOf = (lease: PartLease) => [lease.verification, lease.number, lease.fence];

/** Ends the lease at once, so that anyone can go on from where it stands. */
export async function giveBackPart(db: Queryable, lease: PartLease): Promise<void> {
  await db.run(
    sql`update changeover.verification_part set worker = null, lease_until = null where ${HELD}`,
    idOf(lease),
  );
}

export type Walked = {
  readonly next: number;
  readonly rows: number;
  /** new ones */
  readonly suspects: number;
  readonly beyond: number;
  readonly skipped: number;
};

/**
 * Moves the part on, in the transaction that has looked at its window, and the counts with it. Null: the part is somebody
 * else's by now, and the transaction must not commit.
 */
export async function walkPart(
  session: Session,
  lease: PartLease,
  to: Walked,
  leaseMs: number,
): Promise<(VerificationRow & { readonly paused: boolean }) | null> {
  const done = to.next >= lease.hi;
  const moved = await session.run(
    sql`update changeover.verification_part set next = $4, worker = case when $5::boolean then null else worker end,
               lease_until = case when not $5::boolean then clock_timestamp() + $6::int * interval '1 ms' end
         where ${HELD}`,
    [...idOf(lease), to.next, done, leaseMs],
  );
  if (moved !== 1) return null;
  return session.maybeOne(
    sql`update changeover.verification
           set walked = walked + $2, rows = rows + $3, suspects = suspects + $4, beyond = beyond + $5, skipped = skipped + $6
         where id = $1 and finished_at is null
     returning ${VERIFICATION}, exists (select from changeover.plan p join changeover.revision r on r.plan = p.slug
                                         where r.id = revision and p.paused_at is not null) as paused`,
    [lease.verification, to.next - lease.next, to.rows, to.suspects, to.beyond, to.skipped],
  );
}

/** How many parts are not walked to their end, and who has paused the plan; null: the verification is over or gone. */
export async function partsLeft(db: Queryable, id: number): Promise<{ left: number; pausedBy: string | null } | null> {
  return db.maybeOne<{ left: number; pausedBy: string | null }>(
    sql`select (select count(*) from changeover.verification_part c where c.verification = v.id and c.next < c.hi) as left,
               case when p.paused_at is not null then coalesce(p.paused_by, 'someone') end as "pausedBy"
          from changeover.verification v
          join changeover.revision r on r.id = v.revision
          left join changeover.plan p on p.slug = r.plan
         where v.id = $1 and v.finished_at is null`,
    [id],
  );
}
