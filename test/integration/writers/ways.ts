/** What has to hold for every rename, whatever the column is like. */
import { expect, test } from "vitest";
import { isChangeoverError } from "../../../src/errors.js";
import { type Bench, LONG } from "../../support/writers/bench.js";
import type { Scene } from "../../support/writers/scene.js";
import { backToBase, confirmed, forwards, halfFilled, released, toDualWrite } from "./flows.js";

/** How far a plan goes before it is taken back. */
export type Furthest = "backfill" | "confirm" | "drop-foreign-keys";

/** `early`: back from the early phases too, which differ less between columns. */
export function renameWays(bench: Bench, furthest: Furthest, { early = true } = {}): void {
  test("forwards, phase by phase, old and new code write on", async () => {
    const scene = await bench.scene();
    await noPrivileges(scene);
    await forwards(scene);
  });

  test.runIf(early || LONG)(
    "back from expand, from dual-write and from the middle of the fill, old code writes on",
    async () => {
      const scene = await bench.scene();
      await scene.deployBase();
      await scene.upgrade("@expand");
      await backToBase(scene);
      await toDualWrite(scene);
      await backToBase(scene);
      await toDualWrite(scene);
      await halfFilled(scene);
      await backToBase(scene);
    },
  );

  test.for(LONG ? (["backfill", "confirm"] as const) : [])("back from %s", async (point) => {
    await backFrom(await bench.scene(), point);
  });

  test(`back from ${furthest}, with what new code wrote`, async () => {
    await backFrom(await bench.scene(), furthest);
  });
}

async function backFrom(scene: Scene, furthest: Furthest): Promise<void> {
  await scene.deployBase();
  await toDualWrite(scene);
  await scene.worker();
  await released(scene);
  if (furthest !== "backfill") await confirmed(scene);
  if (furthest === "drop-foreign-keys") {
    const { revisions } = await scene.status();
    await scene.upgrade(revisions.find(({ name }) => name === furthest)?.id ?? "none");
    await scene.deploy(false, true);
    await scene.fleet.progress(40);
    await scene.downgrade("@backfill");
    await scene.deploy(true, true);
  }
  await backToBase(scene);
}

/** Exit code, and the whole text of the error as a person sees it. */
export async function refusalOf(command: Promise<unknown>): Promise<{ exitCode: number; text: string }> {
  const error = await command.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!isChangeoverError(error)) throw new Error(`it was not refused: ${error}`);
  return { exitCode: error.exitCode, text: [error.message, ...error.details, error.hint].join("\n") };
}

async function noPrivileges(scene: Scene): Promise<void> {
  const { role, variant } = scene.parts;
  const [is] = await scene.sql(
    `select r.rolsuper, pg_get_userbyid(c.relowner) = r.rolname as owner from pg_roles r, pg_class c
     where r.rolname = $1 and c.oid = $2::regclass`,
    [role, variant.table],
  );
  expect(is).toEqual({ rolsuper: false, owner: false });
}
