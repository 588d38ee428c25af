import type { Database } from "../../db/pool.js";
import type { Emit } from "../../events.js";
import { noteSlow } from "../../journal/fills.js";
import type { FillRevision } from "../statements.js";
import type { Gait } from "./gait.js";
import { holderOf } from "./horizon.js";
import { PLAIN_MS } from "./stride.js";

type Course = { readonly xid: string; readonly updated: number; readonly hot: number };

/** The passes over a window brought little: longer between them, or without them where somebody's snapshot is in the way. */
export async function afterPoorCourse(
  { db, emit }: { readonly db: Database; readonly emit: Emit },
  { id, plan }: Pick<FillRevision, "id" | "plan">,
  gait: Gait,
  seen: Course,
): Promise<void> {
  const holder = await holderOf(db, seen.xid);
  if (!gait.gaveLittle(holder !== null)) return;
  await noteSlow(db, id, holder, PLAIN_MS);
  emit({ kind: "fill-plain", revision: id, plan, share: seen.hot / seen.updated, holder });
}
