/** Several processes at one verification, of which one is killed. */
import { expect, test } from "vitest";
import { useCli } from "./cli.js";
import { letLeasesRunOut } from "./jobs.js";
import { WIDE } from "./plans.js";
import { useStages } from "./stages.js";

const stages = useStages(WIDE.seed, [WIDE], "trunk");
const cli = useCli(() => stages.project.directory);

/** Held in a window, before what it has found is committed. */
const IN_A_WINDOW = { app: "^$", text: "^update changeover.verification_part set next", when: "before" } as const;
const spoil = `set session_replication_role = replica;
  alter table app.people disable trigger user;
  update app.people set full_name = 'wrong' where id % 1000 = 0;
  alter table app.people enable trigger user;
  do $$ declare t record; begin
    for t in select tgname from pg_trigger where tgrelid = 'app.people'::regclass and tgname like '~~changeover%' loop
      execute format('alter table app.people enable always trigger %I', t.tgname); end loop; end $$`;

test.each([1, 4])("killed at its window %i, and the others count every row once", async (nth) => {
  await stages.on("trunk", async (copy) => {
    expect(await cli(copy.url, ["worker", "--drain"]).ended()).toMatchObject({ code: 0 });
    await copy.sql(spoil);
    const args = ["verify", "people-name", "--json"];
    const killed = cli(copy.url, [...args, "--concurrency=1"], { halt: { ...IN_A_WINDOW, nth, act: "hold" } });
    await killed.halted();
    const other = cli(copy.url, args, { halt: { ...IN_A_WINDOW, act: "hold" } });
    await other.halted();
    // Both are in a window, of the same verification, of a part each.
    expect(
      await copy.sql(`select count(distinct worker)::int as workers, count(distinct verification)::int as passes
        from changeover.verification_part where worker is not null`),
    ).toEqual([{ workers: 2, passes: 1 }]);
    killed.kill("SIGKILL");
    expect(await killed.ended()).toMatchObject({ code: null, signal: "SIGKILL" });
    other.go();
    await letLeasesRunOut(copy);
    const ended = await other.ended();
    expect(ended).toMatchObject({ code: 1 });
    expect(JSON.parse(ended.stdout)).toMatchObject({ rows: WIDE.rows, mismatches: 12 });
    expect(await copy.sql("select count(*)::int as unread from changeover.verification_part where next < hi")).toEqual([
      { unread: 0 },
    ]);
  });
});
