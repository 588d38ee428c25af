/** Why a plan's backfill rests at people's will: somebody paused it, or it is outside of its windows. */
import { ChangeoverError } from "../errors.js";
import { outsideWords } from "./windows.js";

export type Paused = {
  /** who paused it; null: not on record, or nobody did */
  readonly by: string | null;
  /** when its next window opens: `Mon 22:00 Europe/Zurich`; null: a window is not what it waits for */
  readonly opens: string | null;
};

/** Null: it does not rest. Who paused it has to resume it, whatever the hour. */
export function pausedOf(plan: {
  readonly pausedAt: Date | null;
  readonly pausedBy: string | null;
  readonly opens: string | null;
}): Paused | null {
  if (plan.pausedAt !== null) return { by: plan.pausedBy, opens: null };
  return plan.opens === null ? null : { by: null, opens: plan.opens };
}

export function pausedError(plan: string, { by, opens }: Paused): ChangeoverError {
  if (opens !== null) {
    return new ChangeoverError("paused", `The backfill of ${plan} is ${outsideWords(opens)}.`, {
      hint: `A worker goes on by itself when it opens. Other windows: changeover backfill set ${plan} --window …`,
    });
  }
  return new ChangeoverError("paused", `The backfill of ${plan} is paused${by === null ? "" : ` by ${by}`}.`, {
    hint: `changeover backfill resume ${plan}`,
  });
}
