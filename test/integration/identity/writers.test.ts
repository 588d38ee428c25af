/** Inserts from several sessions all through a plan over an identity column, across its move and the undo of that. */
import type pg from "pg";
import { expect, test } from "vitest";
import { copyFrom } from "../../support/writers/copy.js";
import { useStage } from "./stage.js";

const stage = useStage();
const { database, rollout } = stage;
const SESSIONS = 4;
const A_WHILE = 60;

/** What one session inserts, and what it was told or gave: by id, null where it does not know. */
class Inserter {
  readonly wrote = new Map<number, number | null>();
  readonly problems: string[] = [];
  column = "number";
  #stopped = false;
  #next: number;
  #given: number;
  readonly #done: Promise<void>;
  readonly #client: pg.Client;

  constructor(client: pg.Client, session: number, always: boolean) {
    this.#client = client;
    this.#next = session * 1_000_000;
    this.#given = session * 10_000_000;
    const ways = [
      () => this.#told("(id) values ($1)"),
      () => this.#told(`(id, ${this.column}) values ($1, default)`),
      () => this.#told("(id, other) values ($1, 3) on conflict (id) do update set other = 4"),
      () => this.#two(),
      () => this.#prepared(),
      () => this.#copy("(id, other)", [], null),
      () => this.#explicit(always ? "overriding system value" : ""),
      () => this.#copy(`(id, other, ${this.column})`, [`${++this.#given}`], this.#given),
    ];
    this.#done = this.#run(ways);
  }

  async #run(ways: readonly (() => Promise<void>)[]): Promise<void> {
    for (let n = 0; !this.#stopped; n += 1) {
      try {
        await ways[n % ways.length]?.();
      } catch (error) {
        this.problems.push(String(error));
      }
    }
    await this.#client.end();
  }

  async #told(insert: string): Promise<void> {
    const id = ++this.#next;
    const { rows } = await this.#client.query(`insert into app.tickets ${insert} returning ${this.column} as n`, [id]);
    this.wrote.set(id, Number(rows[0].n));
  }

  async #two(): Promise<void> {
    const [a, b] = [++this.#next, ++this.#next];
    const text = `insert into app.tickets (id) select unnest($1::bigint[]) returning id, ${this.column} as n`;
    const { rows } = await this.#client.query(text, [[a, b]]);
    for (const { id, n } of rows) this.wrote.set(Number(id), Number(n));
  }

  /** Planned once, with the sequence in its plan. */
  async #prepared(): Promise<void> {
    const id = ++this.#next;
    await this.#client.query({ name: "insert", text: "insert into app.tickets (id) values ($1)", values: [id] });
    this.wrote.set(id, null);
  }

  async #explicit(overriding: string): Promise<void> {
    const [id, n] = [++this.#next, ++this.#given];
    await this.#client.query(`insert into app.tickets (id, ${this.column}) ${overriding} values ($1, $2)`, [id, n]);
    this.wrote.set(id, n);
  }

  async #copy(columns: string, further: readonly string[], known: number | null): Promise<void> {
    const id = ++this.#next;
    await copyFrom(this.#client, `copy app.tickets ${columns} from stdin`, [[`${id}`, "5", ...further]]);
    this.wrote.set(id, known);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }
}

async function under(
  always: boolean,
  plan: (progress: () => Promise<void>, name: (column: string) => void) => Promise<void>,
) {
  const clients = await Promise.all(Array.from({ length: SESSIONS }, () => database.client()));
  const all = clients.map((client, n) => new Inserter(client, n + 1, always));
  const progress = async () => {
    const until = all.map(({ wrote }) => wrote.size + A_WHILE);
    await expect.poll(() => all.every((one, n) => one.wrote.size >= (until[n] ?? 0)), { timeout: 20_000 }).toBe(true);
  };
  const name = (column: string) => {
    for (const one of all) one.column = column;
  };
  try {
    await plan(progress, name);
  } finally {
    for (const one of all) await one.stop();
  }
  expect(all.flatMap(({ problems }) => problems)).toEqual([]);
  const [first] = all;
  const rows = await database.sql<{ id: string; n: string }>(
    `select id, ${first?.column} as n from app.tickets where id > 10`,
  );
  const found = new Map(rows.map(({ id, n }) => [Number(id), Number(n)]));
  expect(new Set(found.values()).size).toBe(found.size);
  const wrote = new Map(all.flatMap((one) => [...one.wrote]));
  expect(found.size).toBe(wrote.size);
  expect([...wrote].filter(([id, n]) => n !== null && found.get(id) !== n)).toEqual([]);
  expect([...wrote.keys()].filter((id) => !found.has(id))).toEqual([]);
}

/** Each goes back another way: to the default that stands in for the identity, and all the way to the identity. */
test.each([
  ["always", true, () => stage.downgradeTo("relax")],
  ["by default", false, () => rollout.downgrade("backfill")],
] as const)(
  "change_type, generated %s: the switch, its undo and the end, nothing fails, nothing is lost",
  async (kind, always, undo) => {
    await stage.begin(`integer generated ${kind} as identity (cache 7)`, "change: change_type\ntype: bigint");
    await under(always, async (progress) => {
      await progress();
      await stage.confirmedTo("switch");
      await progress();
      await undo();
      await progress();
      await rollout.finish();
      await progress();
    });
  },
);

test("rename_column, generated always: by the old name, then by the new one, nothing fails, nothing is lost", async () => {
  await stage.begin("integer generated always as identity (cache 7)", "change: rename_column\nto: ticket");
  await under(true, async (progress, name) => {
    await progress();
    name("ticket");
    await progress();
    await rollout.finish();
    await progress();
  });
});
