/** What status and the commands say along two rollouts, where it once led in a circle or was not so. */
import { expect, test } from "vitest";
import { confirmUseCase } from "../../../src/app/confirm.js";
import { downgradeUseCase } from "../../../src/app/downgrade.js";
import { statusUseCase } from "../../../src/app/status.js";
import { verifyUseCase } from "../../../src/app/verify.js";
import { isChangeoverError } from "../../../src/errors.js";
import type { Event } from "../../../src/events.js";
import { useProject } from "../../support/app.js";
import { useDatabase } from "../../support/database.js";
import { rolloutOf } from "../../support/rollout.js";

const database = useDatabase(`
  create schema app;
  create table app.orders (id bigint primary key, total integer not null, note text);
  create index orders_total on app.orders (total);
  insert into app.orders select n, n, case when n % 3 > 0 then 'kept' end from generate_series(1, 3000) n;
`);

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error("nothing was refused");
    },
    (error: unknown) => {
      if (!isChangeoverError(error)) throw error;
      return error;
    },
  );

const project = useProject(() => database.url);

function stepsOf(folder: string, slug: string, change: string) {
  const rollout = rolloutOf(project, slug);
  return {
    ...rollout,
    declare: () => project.writeChange(folder, change),
    status: async () => {
      const { report } = await project.run((app) => statusUseCase(app, { plan: slug, require: null }));
      const [plan] = report.plans;
      if (plan === undefined) throw new Error("no plan");
      return plan;
    },
    verify: () => project.run((app) => verifyUseCase(app, { plan: slug })),
    confirm: () => project.run((app) => confirmUseCase(app, { plan: slug, release: "v2", despite: [], reason: null })),
    /** Interrupted when an event comes that `at` knows. */
    interruptedDowngrade: (target: string, at: (event: Event) => boolean) => {
      const stop = new AbortController();
      const run = project.run(
        (app) => downgradeUseCase(app, { target, sqlOnly: false, lockWaitMs: 5_000, deadlineMs: 20_000 }),
        { signal: stop.signal, emit: (event) => (at(event) ? stop.abort() : undefined) },
      );
      return refusal(run);
    },
  };
}

const confirmations = () => database.sql("select release from changeover.confirmation order by id");

const notes = stepsOf(
  "0001-notes",
  "notes",
  "change: set_not_null\ntable: app.orders\ncolumn: note\nfill: \"'none'\"\nsoak: 0s\n",
);
const rename = stepsOf(
  "0002-orders-total",
  "orders-total",
  "change: rename_column\ntable: app.orders\ncolumn: total\nto: amount\nsoak: 0s\n",
);

test("a fill in place, from its declaration to its end", { timeout: 60_000 }, async () => {
  await notes.declare();
  await notes.plan(true);
  const never = { allowed: true, reason: "it never sends NULL" };
  expect((await notes.status()).deploy.newCode).toEqual(never);
  expect(await refusal(notes.confirm())).toMatchObject({
    code: "not-yet",
    message: "Plan notes has not begun in this database: there is nothing that a release could rely on.",
  });
  expect(await database.sql("select to_regnamespace('changeover') as schema")).toEqual([{ schema: null }]);

  await notes.upgrade("head");
  await notes.drain();
  expect((await notes.status()).backfill).toMatchObject({
    rowsDone: 1000,
    rowsEstimated: 1000,
    fraction: 1,
    eta: null,
  });
  expect((await notes.status()).undo.cost).toContain(
    "The NULLs do not come back: what the backfill (1,000 rows so far)",
  );

  // There is no expand: what would be left of it is nothing.
  expect(await refusal(notes.downgrade("expand"))).toMatchObject({
    exitCode: 2,
    message: "Plan notes has no phase expand: it has dual-write, backfill and contract.",
  });
  expect((await notes.status()).phase).toBe("backfill");

  const back = await notes.downgrade("base");
  expect(back.notices).toEqual([
    "notes: the NULLs that were filled do not come back; their rows keep what was filled in.",
  ]);
  expect(await notes.status()).toMatchObject({
    state: "undone",
    deploy: { newCode: never },
    next: "changeover upgrade head   # once it is wanted again",
  });
  expect(await refusal(notes.confirm())).toMatchObject({
    code: "not-yet",
    message: expect.stringContaining("was taken back"),
  });

  await notes.upgrade("head");
  await notes.drain();
  await notes.finish();
  expect(await confirmations()).toHaveLength(1);
  expect(await refusal(notes.confirm())).toMatchObject({
    code: "usage",
    message: "Plan notes is finished: it has no gate left that a confirm could open.",
  });
  expect(await confirmations()).toHaveLength(1);
});

test("rows that are not in step are put right as status says, and then the verify is through", async () => {
  await rename.declare();
  await rename.plan(true);
  expect((await rename.status()).deploy.newCode).toEqual({ allowed: false, reason: "there is no column amount" });
  await rename.upgrade("head");
  await rename.drain();
  // Past the triggers, which fire always.
  await database.sql(`do $$
    declare t name;
    begin
      for t in select tgname from pg_trigger where tgrelid = 'app.orders'::regclass and not tgisinternal loop
        execute format('alter table app.orders disable trigger %I', t);
      end loop;
      update app.orders set amount = -1 where id in (7, 8);
      for t in select tgname from pg_trigger where tgrelid = 'app.orders'::regclass and not tgisinternal loop
        execute format('alter table app.orders enable always trigger %I', t);
      end loop;
    end $$`);
  expect(await rename.verify()).toMatchObject({ mismatches: 2 });
  const stuck = await rename.status();
  expect(stuck.next).toBe("changeover verify orders-total   # once the rows are put right");
  expect(stuck.why).toContain("set the value that is wrong");
  expect(stuck.gates[0]?.conditions.find((one) => one.kind === "verified")?.evidence).toContain("id=7");

  await database.sql(
    "update app.orders set amount = total where id = 7; update app.orders set amount = 8 where id = 8",
  );
  expect(await rename.verify()).toMatchObject({ mismatches: 0 });
  expect((await rename.status()).next).toBe("changeover confirm orders-total --release RELEASE");
});

test("an undo that was stopped is taken up again by the command that was given", async () => {
  const next = async () => (await rename.status()).next;
  // Whoever put the rows right counts as new code that writes.
  await database.sql("delete from changeover.sighting where side = 'new'");
  // In the middle of a revision: the index is being dropped.
  await rename.interruptedDowngrade("orders-total@base", (event) => event.kind === "step-started");
  expect((await rename.status()).revisions.some((one) => one.state === "undoing")).toBe(true);
  expect(await next()).toBe("changeover downgrade orders-total@base");
  // Forwards again, that is no more.
  await rename.upgrade("backfill");
  expect(await next()).not.toContain("downgrade");

  // Between two revisions: none is half undone.
  const stopped = await rename.interruptedDowngrade("orders-total@expand", (event) => event.kind === "revision-undone");
  expect(stopped.code).toBe("interrupted");
  const status = await rename.status();
  expect(status.revisions.some((one) => one.state === "undoing")).toBe(false);
  expect(status).toMatchObject({
    next: "changeover downgrade orders-total@expand",
    why: expect.stringContaining("An undo to orders-total@expand has not come to its end"),
  });
  await rename.downgrade("expand");
  expect(await next()).toBe("changeover upgrade head");
});
