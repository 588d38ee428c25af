/** What `verify` says: the counts, the first rows by key with both sides, and what a repair did or cannot do. */
import type { RepairResult } from "../../app/repair.js";
import type { VerifyResult } from "../../app/verify.js";
import { SETTLE_ROWS } from "../../gates/answer.js";
import type { Authority } from "../../gates/authority.js";
import { count, counted } from "../../gates/words.js";
import type { FoundRow } from "../../journal/findings.js";
import { clean } from "./text.js";

/** Of a value so much is shown; --json has more. */
const CHARACTERS = 60;

export function verifyLines(plan: string, result: VerifyResult): string[] {
  const { rows, mismatches, skipped, lost, found, lostRows } = result;
  const more = (n: number, shown: readonly FoundRow[]) =>
    n > shown.length ? [`  and ${counted(n - shown.length, "more", "more")}`] : [];
  return [
    `${plan}: ${counted(rows, "row")}, ${count(mismatches)} not in step${skipped === 0 ? "" : `, ${count(skipped)} skipped by hand`}`,
    ...found.map((row) => `  ${foundLine(row)}`),
    ...(mismatches === 0 ? [] : more(mismatches, found)),
    ...(lost === 0
      ? []
      : [
          `${counted(lost, "row")} with a value that the old type cannot hold: an undo would lose ${lost === 1 ? "it" : "them"}`,
        ]),
    ...lostRows.map((row) => `  ${clean(row.key)}: old ${value(row.old)}, new ${value(row.new)}`),
    ...(lost === 0 ? [] : more(lost, lostRows)),
  ];
}

export function repairLines(plan: string, { found, authority, repaired, after }: RepairResult): string[] {
  if (authority === null) return verifyLines(plan, found);
  if (authority.side === null)
    return [...verifyLines(plan, found), `Nothing was repaired: ${authority.why} ${authority.hint}`];
  if (repaired === null) return [...verifyLines(plan, found), "Nothing was repaired."];
  return [
    ...repaired.left
      .slice(0, found.found.length || 20)
      .map(({ key, why }) => `  ${clean(key)} was left as it is: ${clean(why)}`),
    `${counted(repaired.rows, "row")} repaired, ${count(repaired.leftRows)} left as they are. ${authorityLine(authority)}`,
    "What they held before stands in changeover.event (kind rows-repaired).",
    ...verifyLines(plan, after),
    ...(after.mismatches === 0 ? [] : [SETTLE_ROWS]),
  ];
}

export function settleLines(plan: string, { mismatches }: VerifyResult): string[] {
  if (mismatches === 0) return [];
  return [SETTLE_ROWS, `Where it is known which side is right: changeover verify ${plan} --repair`];
}

export function authorityLine({ side, sets, why }: Authority): string {
  const right = side === "fill" ? "The plan's fill is right" : `The ${side} side is right`;
  return `${right}; ${sets} is set. ${why}`;
}

/** `id=42: old '5', new '7' (should be '5')` */
export function foundLine({ key, old, new: fresh, due, problem }: FoundRow): string {
  const should = problem === null ? `should be ${value(due)}` : `cannot be told: ${clean(problem)}`;
  return `${clean(key)}: old ${value(old)}, new ${value(fresh)} (${should})`;
}

function value(text: string | null): string {
  if (text === null) return "NULL";
  const shown = [...clean(text)];
  return shown.length > CHARACTERS ? `'${shown.slice(0, CHARACTERS).join("")}…'` : `'${shown.join("")}'`;
}
