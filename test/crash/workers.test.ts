/** Several processes on one database: workers beside workers, and beside the commands that people give. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { eventually } from "../support/runner.js";
import { type Halt, type LogLine, useCli } from "./cli.js";
import { OTHER, WIDE } from "./plans.js";
import { type Copy, useStages } from "./stages.js";

const stages = useStages(`${WIDE.seed}; ${OTHER.seed}`, [WIDE, OTHER], "trunk");
const cli = useCli(() => stages.project.directory);

const FIRST_BATCH: Halt = { app: "^fill", text: "^update app.people", when: "before", act: "hold" };
const AT_GATE = { code: 0, stdout: expect.stringMatching(/\nat a gate: people-name, pets-note\n$/) };
const one = "--concurrency=1";

async function expectAllFilled(copy: Copy): Promise<void> {
  const [wrong] =
    await copy.sql(`select (select count(*) from app.people where full_name is distinct from name)::int as people,
    (select count(*) from app.pets where note is null)::int as pets,
    (select count(*) from changeover.slice where state <> 'done')::int as slices,
    (select sum(rows) from changeover.slice)::int as counted`);
  expect(wrong).toEqual({ people: 0, pets: 0, slices: 0, counted: WIDE.rows + 6_000 });
}

/** A worker that stays has looked at the journal twice from now on. */
async function looksTwice(copy: Copy): Promise<void> {
  const [from] = await copy.sql("select clock_timestamp() + interval '2 s' as at");
  const looked = `select 1 from pg_stat_activity
    where datname = current_database() and query like '%string_agg(concat_ws(%' and query_start > $1`;
  await eventually(async () => (await copy.sql(looked, [from?.at])).length > 0);
}

const event = (kind: string, more: Partial<LogLine> = {}) => {
  return (line: LogLine) => line.event === kind && Object.entries(more).every(([name, value]) => line[name] === value);
};

describe("several workers", () => {
  test.each([2, 4])("%i at once on two plans share their slices, and each ends at the gates", async (count) => {
    await stages.on("trunk", async (copy) => {
      await copy.sql("update changeover.plan set limits = '{\"workers\": 4}'");
      const workers = Array.from({ length: count }, () =>
        cli(copy.url, ["worker", "--drain", one], { halt: FIRST_BATCH }),
      );
      // All of them stand before a batch of theirs: as many slices of one fill are leased at once.
      await Promise.all(workers.map((worker) => worker.halted()));
      const leased = await copy.sql(
        "select distinct worker from changeover.slice s join changeover.revision r on r.id = s.revision where s.state = 'leased' and r.plan = 'people-name'",
      );
      expect(leased).toHaveLength(count);
      for (const worker of workers) worker.go();
      for (const worker of workers) expect(await worker.ended()).toMatchObject(AT_GATE);
      await expectAllFilled(copy);
      // Whoever had the lock of a plan ran its revisions, and nobody else did.
      const done = workers.flatMap((worker) => worker.logs.filter(event("revision-done")).map((line) => line.revision));
      expect(done.length).toBeGreaterThan(2);
      expect(new Set(done).size).toBe(done.length);
      expect(workers.flatMap((worker) => worker.logs.filter(event("verify-done")))).toHaveLength(2);
    });
  });

  test("a verify that another one has finished meanwhile is not made again", async () => {
    await stages.on("trunk", async (copy) => {
      const args = ["worker", "--drain", "--plan", "people-name"];
      // It has found the verify to be due, and is about to begin it.
      const late = cli(copy.url, args, {
        halt: { app: "^$", text: "^select 1 as one from changeover.revision where id", when: "before", act: "hold" },
      });
      await late.halted();
      const other = cli(copy.url, args);
      expect(await other.ended()).toMatchObject({ code: 0 });
      expect(other.logs.filter(event("verify-done"))).toHaveLength(1);
      late.go();
      expect(await late.ended()).toMatchObject({ code: 0 });
      expect(late.logs.filter(event("verify-done"))).toEqual([]);
    });
  });

  test("with --plan, the other plan is left alone", async () => {
    await stages.on("trunk", async (copy) => {
      const worker = cli(copy.url, ["worker", "--drain", "--plan", "0002-pets-note"]);
      expect(await worker.ended()).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^pets-note: .*\nat a gate: pets-note\n$/),
      });
      expect(await copy.sql("select count(full_name)::int as filled from app.people")).toEqual([{ filled: 0 }]);
      expect(await cli(copy.url, ["worker", "--plan", "cats"]).ended()).toMatchObject({ code: 2 });
    });
  });

  test("one that is started before the plan is upgraded takes it up when it is there", async () => {
    await stages.on("base", async (copy) => {
      const worker = cli(copy.url, ["worker", one]);
      await worker.log(event("journal-installed"));
      expect(await cli(copy.url, ["upgrade", "head"]).ended()).toMatchObject({ code: 0 });
      await worker.log(event("verify-done", { plan: "people-name" }));
      await worker.log(event("verify-done", { plan: "pets-note" }));
      worker.kill("SIGTERM");
      expect(await worker.ended()).toMatchObject({ code: 0 });
      await expectAllFilled(copy);
    });
  });

  test("the queue's schema dropped on the way: nothing is lost, and the worker goes on", async () => {
    await stages.on("trunk", async (copy) => {
      const worker = cli(copy.url, ["worker", one], { halt: FIRST_BATCH });
      await worker.halted();
      await copy.sql("drop schema changeover_queue cascade");
      worker.go();
      await worker.log(event("queue-trouble"));
      await worker.log(event("verify-done", { plan: "people-name" }));
      await worker.log(event("verify-done", { plan: "pets-note" }));
      await expectAllFilled(copy);
      await eventually(
        async () => (await copy.sql("select 1 where to_regclass('changeover_queue.migration') is not null")).length > 0,
      );
      worker.kill("SIGTERM");
      expect(await worker.ended()).toMatchObject({ code: 0 });
    });
  });

  test("a plan without its files here is told once; its rows are filled here all the same", async () => {
    await stages.on("trunk", async (copy) => {
      await mkdir(join(stages.project.directory, "none"), { recursive: true });
      const bare = cli(copy.url, ["worker", one, "--plans", "none"]);
      const told = (line: LogLine) => line.event === "notice" && /^people-name is under way/.test(line.msg);
      await bare.log(told);
      const worker = cli(copy.url, ["worker", one], { halt: FIRST_BATCH });
      await worker.halted();
      await eventually(
        async () =>
          (
            await copy.sql(
              "select 1 from changeover.slice s join changeover.revision r on r.id = s.revision where r.plan = 'people-name' and s.state <> 'done'",
            )
          ).length === 1,
      );
      worker.go();
      await worker.log(event("verify-done", { plan: "people-name" }));
      await worker.log(event("verify-done", { plan: "pets-note" }));
      for (const each of [bare, worker]) each.kill("SIGTERM");
      expect(await bare.ended()).toMatchObject({ code: 0 });
      expect(bare.logs.filter(told)).toHaveLength(1);
      expect(bare.logs.filter(event("revision-started"))).toEqual([]);
      await expectAllFilled(copy);
    });
  });
});

describe("worker --drain", () => {
  test("ends with 0 and says that there is nothing to do", async () => {
    await stages.on("base", async (copy) => {
      expect(await cli(copy.url, ["worker", "--drain"]).ended()).toMatchObject({ code: 0, stdout: "nothing to do\n" });
    });
  });

  test("ends with 1 for a row that cannot be filled, with the other plan done; and with 0 once it is mended", async () => {
    await stages.on("trunk", async (copy) => {
      const allow = (what: string) =>
        copy.sql(
          `create or replace function app.allowed(id bigint, note text) returns boolean language sql return ${what}`,
        );
      await allow("id <> 7 or note is null");
      const blocked = await cli(copy.url, ["worker", "--drain"]).ended();
      expect(blocked).toMatchObject({ code: 1, stdout: expect.stringMatching(/\nblocked: pets-note\n$/) });
      expect(blocked.stdout).toMatch(/^people-name: backfill done; .*waits at its gate$/m);
      expect(blocked.stdout).toMatch(/^pets-note: A row cannot be filled: id=7\.$/m);
      await allow("true");
      expect(await cli(copy.url, ["worker", "--drain"]).ended()).toMatchObject(AT_GATE);
      await expectAllFilled(copy);
    });
  });

  test("ends with 1 where the role may not write one plan's table, with the other plan done", async () => {
    await stages.on("trunk", async (copy) => {
      await copy.sql(`do $$ begin create role filler login password 'filler'; exception when duplicate_object then null; end $$;
        grant all on schema app, changeover to filler; grant all on all tables in schema changeover to filler;
        alter table app.pets owner to filler`);
      const url = Object.assign(new URL(copy.url), { username: "filler", password: "filler" }).toString();
      const ended = await cli(url, ["worker", "--drain"]).ended();
      expect(ended).toMatchObject({ code: 1, stdout: expect.stringMatching(/\nblocked: people-name\n$/) });
      expect(ended.stdout).toMatch(/^people-name: .*permission denied for table people/m);
      expect(ended.stdout).toMatch(/^pets-note: backfill done/m);
      // Another role goes on from there.
      expect(await cli(copy.url, ["worker", "--drain"]).ended()).toMatchObject(AT_GATE);
      await expectAllFilled(copy);
    });
  });
});

describe("backfill pause", () => {
  test("lets a worker go after its batch, ends a drain with 3, and resume is obeyed within a second or two", async () => {
    await stages.on("trunk", async (copy) => {
      const drain = cli(copy.url, ["worker", "--drain", one], { halt: { ...FIRST_BATCH, nth: 2 } });
      await drain.halted();
      const staying = cli(copy.url, ["worker", one, "--plan", "people-name"], { halt: FIRST_BATCH });
      await staying.halted();
      expect(await cli(copy.url, ["backfill", "pause", "--all"]).ended()).toMatchObject({ code: 0 });
      const pausedAt = performance.now();
      for (const each of [drain, staying]) each.go();
      expect(await drain.ended()).toMatchObject({
        code: 3,
        // Where the pets' slices came first, that plan is at its gate by now.
        stdout: expect.stringMatching(/\npaused: people-name(, pets-note)?\n$/),
      });
      expect(performance.now() - pausedAt).toBeLessThan(6_000);
      const rows =
        "select sum(rows)::int as rows, count(*) filter (where state = 'leased')::int as leased from changeover.slice";
      await eventually(async () => (await copy.sql(rows))[0]?.leased === 0);
      const [before] = await copy.sql(rows);
      // While it is paused, another command is given and comes to its end: nothing moves.
      expect(await cli(copy.url, ["worker", "--drain"]).ended()).toMatchObject({ code: 3 });
      expect(await copy.sql(rows)).toEqual([before]);
      expect(before?.rows).toBeLessThan(WIDE.rows);
      await copy.sql("update changeover.plan set paused_at = null, paused_by = null");
      const resumedAt = performance.now();
      await eventually(async () => (await copy.sql(rows))[0]?.rows > before?.rows);
      expect(performance.now() - resumedAt).toBeLessThan(4_000);
      await staying.log(event("verify-done", { plan: "people-name" }));
      staying.kill("SIGTERM");
      expect(await staying.ended()).toMatchObject({ code: 0 });
    });
  });

  test("lets go of a verify, which resume goes on with", async () => {
    await stages.on("trunk", async (copy) => {
      const halt: Halt = {
        app: "^$",
        text: "^update changeover.verification_part set next",
        when: "after",
        act: "hold",
      };
      const worker = cli(copy.url, ["worker", one, "--plan", "people-name"], { halt });
      await worker.halted();
      expect(await cli(copy.url, ["backfill", "pause", "people-name"]).ended()).toMatchObject({ code: 0 });
      await looksTwice(copy);
      worker.go();
      // Its part is given back when it lets go.
      const held = "select 1 from changeover.verification_part where worker is not null";
      await eventually(async () => (await copy.sql(held)).length === 0);
      const [pass] = await copy.sql("select id, finished_at from changeover.verification");
      expect(pass).toMatchObject({ finished_at: null });
      expect(await cli(copy.url, ["backfill", "resume", "people-name"]).ended()).toMatchObject({ code: 0 });
      await worker.log(event("verify-done", { plan: "people-name" }));
      worker.kill("SIGTERM");
      await worker.ended();
      const passes = await copy.sql("select id, finished_at from changeover.verification");
      expect(passes).toEqual([{ id: pass?.id, finished_at: expect.any(Date) }]);
    });
  });
});

test("an undo is not undone by a worker that runs meanwhile", async () => {
  await stages.on("trunk", async (copy) => {
    const worker = cli(copy.url, ["worker", one]);
    await worker.log(event("verify-done", { plan: "people-name" }));
    await worker.log(event("verify-done", { plan: "pets-note" }));
    const down = cli(copy.url, ["downgrade", "people-name@dual-write"]);
    expect(await down.ended()).toMatchObject({ code: 0 });
    // It is a worker's to fill again what stands at dual-write.
    await eventually(async () => worker.logs.filter(event("verify-done", { plan: "people-name" })).length === 2);
    const undo = cli(copy.url, ["downgrade", "people-name@base"], {
      // The tail is undone, and what it stood on is about to be.
      halt: { app: "^ddl", text: "^lock table", when: "before", act: "hold" },
    });
    await undo.halted();
    const started = worker.logs.filter(event("revision-started")).length;
    await looksTwice(copy);
    expect(worker.logs.filter(event("revision-started"))).toHaveLength(started);
    undo.go();
    expect(await undo.ended()).toMatchObject({ code: 0 });
    worker.kill("SIGTERM");
    expect(await worker.ended()).toMatchObject({ code: 0 });
    expect(await copy.sql("select plan, state from changeover.revision where plan = 'people-name'")).toEqual([]);
    const columns = await copy.sql(
      "select attname as name from pg_attribute where attrelid = 'app.people'::regclass and attnum > 0 and not attisdropped order by attnum",
    );
    expect(columns.map(({ name }) => name)).toEqual(["id", "name", "note"]);
    expect(await copy.sql("select tgname from pg_trigger where tgrelid = 'app.people'::regclass")).toEqual([]);
  });
});
