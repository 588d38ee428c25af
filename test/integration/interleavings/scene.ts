/** A program, carried out on a copy of the two tables; and what has to be true after it, whatever it was. */
import type pg from "pg";
import { expect } from "vitest";
import { verifyUseCase } from "../../../src/app/verify.js";
import { type WorkerResult, workerUseCase } from "../../../src/app/worker.js";
import { transaction } from "../../../src/db/transaction.js";
import { retryRows } from "../../../src/journal/quarantine.js";
import type { TestProject } from "../../support/app.js";
import type { Action, Program } from "./actions.js";
import { Puppet } from "./puppet.js";
import { Model, PLAN_OF, type TableName } from "./tables.js";
import { idOf, Writer } from "./writers.js";

export type Place = {
  readonly url: string;
  sql<R extends pg.QueryResultRow = pg.QueryResultRow>(text: string, params?: unknown[]): Promise<R[]>;
  client(options?: pg.ClientConfig): Promise<pg.Client>;
};

/** Short: the program is told by one hand, which must not wait for what it holds itself. */
const NO_WAIT = { options: "-c lock_timeout=40" };
const WRITERS = 3;

export class InterleavedFills {
  readonly #place: Place;
  readonly #project: TestProject;
  readonly #model = new Model();
  readonly #writers: Writer[];
  readonly #hands: pg.Client;
  readonly #workers = new Map<number, Puppet>();

  private constructor(place: Place, project: TestProject, hands: pg.Client, clients: readonly pg.Client[]) {
    this.#place = place;
    this.#project = project;
    this.#hands = hands;
    this.#writers = clients.map((client) => new Writer(client, this.#model));
  }

  static async on(place: Place, project: TestProject): Promise<InterleavedFills> {
    // Other tests make and drop databases, for which the server makes a checkpoint each.
    await place.sql(`update changeover.plan set limits = '{"signals": {"checkpoints": {"off": true}}}'`);
    const clients = await Promise.all(Array.from({ length: WRITERS }, () => place.client(NO_WAIT)));
    return new InterleavedFills(place, project, await place.client(NO_WAIT), clients);
  }

  async carryOut({ actions, end }: Program): Promise<void> {
    try {
      for (const action of actions) await this.#do(action);
    } finally {
      for (const writer of this.#writers) await writer.settle("commit");
      for (const worker of this.#workers.values()) await worker[end]();
    }
  }

  /** What the program came to: one that comes to nothing proves nothing. */
  async seen(): Promise<Record<string, number>> {
    const [seen] = await this.#place.sql<Record<string, number>>(`select
      (select count(*) from app.filled)::int as filled,
      (select count(distinct filenode) from app.filled)::int as files,
      (select count(*) from changeover.slice where state <> 'done')::int as open,
      (select count(*) from changeover.slice where state = 'leased')::int as leased,
      (select count(*) from changeover.quarantine)::int as quarantined,
      (select coalesce(sum(fence), 0) from changeover.slice)::int as fences`);
    return seen ?? {};
  }

  /** Drains, and holds everything against the model; then mends what is bad, and does so again. */
  async settle(): Promise<void> {
    await this.#place.sql("update changeover.plan set paused_at = null, paused_by = null");
    const blocked = await this.#expectDrained();
    if (blocked === 0) return;
    await this.#place.sql("truncate app.bad");
    for (const [id, value] of this.#model.rows.u)
      if (Model.newSide("u", value) !== value) {
        await this.#place.sql("update app.u set a = '0' where id = $1", [id]);
        this.#model.rows.u.set(id, "0");
      }
    expect(await this.#expectDrained()).toBe(0);
  }

  /** Returns how many rows are bad. */
  async #expectDrained(): Promise<number> {
    await this.#place.sql("update changeover.slice set lease_until = clock_timestamp() where state = 'leased'");
    const before = await this.#place.sql(
      "select plan from changeover.revision where runner = 'backfill' and state = 'done'",
    );
    const drained = await this.#project.run(
      (app) => workerUseCase(app, { drain: true, concurrency: 2, plan: null, pollMs: 20 }),
      { url: this.#place.url },
    );
    let [bad, blocked] = [0, 0];
    for (const table of ["t", "u"] as const) {
      const late = before.some(({ plan }) => plan === PLAN_OF[table]);
      const found = await this.#expectRows(table);
      await this.#expectJournal(table, late ? [] : found, drained);
      await this.#expectVerified(table, found);
      bad += found.length;
      blocked += late ? 0 : found.length;
    }
    expect(drained.exitCode, drained.lines.join("\n")).toBe(blocked > 0 ? 1 : 0);
    expect(await this.#held()).toEqual([]);
    return bad;
  }

  /** Returns those that the new side cannot have. */
  async #expectRows(table: TableName): Promise<number[]> {
    const [column] = await this.#place.sql<{ name: string }>(
      `select quote_ident(attname) as name from pg_attribute
        where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname not in ('id', 'a', 'pad')`,
      [`app.${table}`],
    );
    const rows = await this.#place.sql<{ id: number; a: string | null; b: string | null }>(
      `select id::int, a::text, ${column?.name}::text as b from app.${table}`,
    );
    const refused = new Set((await this.#place.sql("select id::int from app.bad")).map(({ id }) => id as number));
    const isBad = (id: number, a: string | null, b: string | null) =>
      table === "t" ? b === null && a !== null && refused.has(id) : Model.newSide("u", a) !== a;
    const wrong = rows.filter(({ id, a, b }) => {
      const value = this.#model.rows[table].get(id);
      return a !== value || (b !== Model.newSide(table, a) && !isBad(id, a, b));
    });
    expect(wrong, `rows of ${table} that nobody wrote so`).toEqual([]);
    expect(rows.map(({ id }) => id).toSorted(), `rows of ${table}`).toEqual(
      [...this.#model.rows[table].keys()].toSorted(),
    );
    return rows.filter(({ id, a, b }) => isBad(id, a, b)).map(({ id }) => id);
  }

  /** `bad`: as far as they were so before the fill was done. */
  async #expectJournal(table: TableName, bad: readonly number[], drained: WorkerResult): Promise<void> {
    const plan = PLAN_OF[table];
    const [fill] = await this.#place.sql<{
      state: string;
      filenode: number;
      counted: number;
      open: number;
      id: string;
    }>(
      `select r.id, r.state, f.filenode::int, coalesce(sum(s.rows), 0)::int as counted, count(*) filter (where s.state <> 'done')::int as open
         from changeover.revision r join changeover.fill_part f on f.revision = r.id left join changeover.slice s on s.revision = r.id
        where r.plan = $1 group by r.id, f.filenode`,
      [plan],
    );
    const noted = await this.#place.sql<{ name: string }>(
      "select name from changeover.quarantine where revision = $1",
      [fill?.id],
    );
    expect(noted.map(({ name }) => name).toSorted(), `quarantine of ${plan}`).toEqual(
      bad.map((id) => `id=${id}`).toSorted(),
    );
    const filled = await this.#place.sql<{ id: number; filenode: number }>(
      "select id::int, filenode::int from app.filled where name = $1",
      [table],
    );
    expect(new Set(filled.map(({ id }) => id)).size, `rows of ${table} that were filled once`).toBe(filled.length);
    const here = filled.filter(({ filenode }) => filenode === fill?.filenode).length;
    expect({ plan, counted: fill?.counted, open: fill?.open }).toEqual({ plan, counted: here, open: 0 });
    const said = drained.plans.find((one) => one.plan === plan);
    expect(said?.state).toBe(bad.length > 0 ? "blocked" : "gate");
  }

  /** What goes bad behind the fill is found here. */
  async #expectVerified(table: TableName, bad: readonly number[]): Promise<void> {
    const [fill] = await this.#place.sql(
      "select 1 from changeover.revision where runner = 'backfill' and state = 'done' and plan = $1",
      [PLAN_OF[table]],
    );
    if (fill === undefined) return;
    const rows = this.#model.rows[table].size;
    const pass = await this.#project.run((app) => verifyUseCase(app, { plan: PLAN_OF[table] }), {
      url: this.#place.url,
    });
    expect({ table, ...pass }).toMatchObject({ table, rows, mismatches: bad.length, skipped: 0 });
    expect(pass.keys.toSorted()).toEqual(
      bad
        .map((id) => `id=${id}`)
        .toSorted()
        .slice(0, 20),
    );
  }

  /** Locks and transactions that somebody of ours has left. */
  async #held(): Promise<pg.QueryResultRow[]> {
    return this.#place.sql(`select a.application_name, a.state, a.query from pg_stat_activity a
      where a.datname = current_database() and a.application_name like 'changeover%' and a.application_name not like '%queue'
        and (a.xact_start is not null or exists (select from pg_locks l where l.pid = a.pid and l.locktype = 'advisory'))`);
  }

  async #do(action: Action): Promise<void> {
    switch (action.do) {
      case "step":
        return (await this.#worker(action.worker)).step(action.statements);
      case "kill":
      case "end": {
        const worker = this.#workers.get(action.worker);
        this.#workers.delete(action.worker);
        return worker?.[action.do]();
      }
      case "cut":
        return this.#workers.get(action.worker)?.cut((n) => n % action.every === 0);
      case "write":
        return this.#writers[action.writer]?.write(action.table, action.writes, action.end);
      case "settle":
        return this.#writers[action.writer]?.settle(action.end);
      case "retry":
        return this.#retry(PLAN_OF[action.table]);
      default:
        return this.#byHand(action);
    }
  }

  /** What cannot have its lock does not happen. */
  async #byHand(action: Exclude<Action, { do: "step" | "kill" | "end" | "cut" | "write" | "settle" | "retry" }>) {
    const told = await this.#hands.query(statementOf(action)).then(
      () => true,
      (error: pg.DatabaseError) => {
        if (!/^(55P03|40P01|57014)$/.test(error.code ?? "")) throw error;
        return false;
      },
    );
    if (told && action.do === "truncate") this.#model.rows[action.table].clear();
  }

  /** A new one comes as far as its first slice, if there is one for it. */
  async #worker(n: number): Promise<Puppet> {
    const known = this.#workers.get(n);
    if (known !== undefined) return known;
    const made = new Puppet(this.#place, this.#project, this.#place.url, 1 + n);
    this.#workers.set(n, made);
    const leases = async () => Number((await this.#place.sql("select sum(fence) as n from changeover.slice"))[0]?.n);
    const before = await leases();
    await made.until(async () => (await leases()) > before);
    return made;
  }

  async #retry(plan: string): Promise<void> {
    const [fill] = await this.#place.sql<{ id: string }>(
      "select id from changeover.revision where plan = $1 and runner = 'backfill' and state <> 'done'",
      [plan],
    );
    if (fill === undefined) return;
    await this.#project
      .run(
        (app) =>
          app
            .database()
            .borrow((session) => transaction(session, { lockTimeoutMs: 40 }, () => retryRows(session, fill.id, null))),
        { url: this.#place.url },
      )
      .catch((error: { sqlstate?: string }) => {
        if (error.sqlstate !== "55P03") throw error;
      });
  }
}

function statementOf(
  action: Exclude<Action, { do: "step" | "kill" | "end" | "cut" | "write" | "settle" | "retry" }>,
): string {
  switch (action.do) {
    case "expire leases":
      // A batch that is under way holds its slice.
      return `update changeover.slice set lease_until = clock_timestamp() - interval '1 s' where (revision, number) in (
        select revision, number from changeover.slice where state = 'leased' for update skip locked)`;
    case "pause":
      return `update changeover.plan set paused_at = clock_timestamp(), paused_by = 'test' where slug = '${PLAN_OF[action.table]}'`;
    case "resume":
      return `update changeover.plan set paused_at = null, paused_by = null where slug = '${PLAN_OF[action.table]}'`;
    case "limit":
      return `update changeover.plan set limits = limits || '{"workers": ${action.workers}}' where slug = '${PLAN_OF[action.table]}'`;
    case "refuse":
      return `insert into app.bad values (${idOf("t", action.row)}) on conflict do nothing`;
    case "allow":
      return `delete from app.bad where id = ${idOf("t", action.row)}`;
    case "truncate":
      return `truncate app.${action.table}`;
    default:
      return `${action.do} app.${action.table}`;
  }
}
