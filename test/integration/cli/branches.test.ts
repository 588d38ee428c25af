/** Plans that were made side by side, and checkouts that are older than the database. */
import { describe, expect, test } from "vitest";
import { checkout, refuses } from "../../support/cli.js";
import { useDatabase } from "../../support/database.js";
import { byHand, columnsOf, finished, idOf, merged, planned, tables } from "../../support/team.js";

const TIME = { timeout: 180_000 };

describe("two plans from one trunk head", TIME, () => {
  const database = useDatabase(tables("base", "a", "b", "c"));
  const url = () => database.url;

  test("rebased, then merged, and all applied", async () => {
    const trunk = await planned(await checkout(url), "0001", "base");
    await trunk.ok(["upgrade", "head"]);
    const ann = await planned(await checkout(url, trunk), "0002", "a");
    const bob = await planned(await checkout(url, trunk), "0002", "b");

    // Ann's is merged and applied first; Bob's, from the same head, is refused with the way out.
    await ann.ok(["upgrade", "head"]);
    const refused = await refuses(database, bob, ["upgrade", "head"], 5, "git pull", "changeover rebase b");
    expect(refused.stderr).toContain("plans/0002-b/1-expand.add-column.sql");
    await refuses(database, bob, ["upgrade", "b@head"], 5, "changeover rebase b");

    // With Ann's files there are two heads.
    await merged(bob, ann);
    await refuses(database, bob, ["upgrade", "head"], 4, "Multiple heads", "changeover rebase b", "changeover merge");
    await refuses(database, bob, ["rebase", "a"], 7, "a has begun", "changeover merge");
    const before = await bob.files();
    const rebased = await bob.ok(["rebase", "b"]);
    expect(rebased.stdout).toBe("rewrote plans/0002-b/1-expand.add-column.sql\n");
    const after = await bob.files();
    const changed = Object.keys(after).filter((file) => after[file] !== before[file]);
    expect(changed).toEqual(["plans/0002-b/1-expand.add-column.sql"]);
    expect(after[changed[0] ?? ""]).toContain(`-- parent              ${await idOf(ann, "0002-a/2-dual-write")}`);
    expect((await bob.ok(["upgrade", "head"])).stdout.match(/^applied/gm)).toHaveLength(2);

    // Carol had begun from the old head as well; the heads are joined instead.
    const carol = await planned(await checkout(url, trunk), "0003", "c");
    await merged(carol, bob);
    const joined = await carol.ok(["merge"]);
    expect(joined.stdout).toMatch(/^wrote plans\/0004-[\w-]+\.sql\n$/);
    expect((await carol.ok(["heads"])).stdout).toMatch(/^[0-9a-f]{12} \(head\) \(mergepoint\)/);
    expect((await carol.ok(["upgrade", "head"])).stdout.match(/^applied/gm)).toHaveLength(3);
    for (const table of ["a", "b", "c"]) expect(await columnsOf(database, table)).toBe("amount id note total");
    expect((await carol.ok(["upgrade", "head"])).stdout).toBe("up to date\n");
    // Each plan goes its own way to the end.
    await finished(carol, "b");
    expect(await columnsOf(database, "b")).toBe("amount id note");
  });
});

describe("a checkout that is older than the database", TIME, () => {
  const database = useDatabase(tables("a", "b", "c"));

  test("asks, goes back, has nothing to do, and does not go on from where it does not know", async () => {
    const old = await planned(await checkout(() => database.url), "0001", "a");
    await old.ok(["upgrade", "head"]);
    const current = await planned(await checkout(() => database.url, old), "0002", "b");
    await current.ok(["upgrade", "head"]);
    const expand = await idOf(current, "0002-b/1-expand");

    const ahead = await old.ok(["upgrade", "head"]);
    expect(ahead.stdout).toContain("up to date\nThis database is ahead of this folder: it holds 2 revisions");
    const status = (await old.ok(["status"])).stdout;
    expect(status).toContain("b  running, in phase dual-write");
    expect(status).toContain("Its files are not in this folder");
    expect(status).toMatch(/the folder is older than the\s+database/);
    expect((await old.ok(["history"])).stdout).toContain(`${expand} (b), add column amount, like total`);
    expect((await old.ok(["show", expand.slice(0, 6)])).stdout).toMatch(
      /file +none: as recorded in the journal[\s\S]*alter table app\.b add column amount integer;/,
    );
    expect((await old.run(["status", "b", "--require", "backfill"])).code).toBe(3);
    // A worker leaves alone what it has no files of.
    expect((await old.ok(["worker", "--drain", "--plan", "b"])).stdout).toBe("nothing to do\n");

    // What it would put in the place of the newer revision is refused, also when it is planned here and now.
    const id = "cccccccccccc";
    await old.write("plans/0002-c.sql", byHand(id, await idOf(old, "0001-a/2-dual-write"), "select 1", "select 1"));
    await refuses(database, old, ["upgrade", "head"], 5, `${id} (c) would follow`, "git pull");
    await old.write("plans/0002-c.sql", byHand(id, await idOf(current, "0002-b/2-dual"), "select 1", "select 1"));
    await refuses(database, old, ["upgrade", "head"], 5, "no file in this folder", "git pull");
    await old.remove("plans/0002-c.sql");

    // Back, from the text that ran.
    expect((await old.ok(["downgrade", "b@expand"])).stdout.match(/^undone/gm)).toHaveLength(1);
    expect((await old.ok(["downgrade", "b@base", "--sql"])).stdout).toContain("alter table app.b drop column");
    expect((await old.ok(["downgrade", "b@base"])).stdout.match(/^undone/gm)).toHaveLength(1);
    expect(await columnsOf(database, "b")).toBe("id note total");
    expect((await old.ok(["upgrade", "head"])).stdout).toBe("up to date\n");
  });
});
