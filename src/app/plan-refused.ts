/** Why a change cannot be carried out here: every reason in one answer, each with its name and what to do. */
import { ChangeoverError } from "../errors.js";
import type { Refusal } from "../planner/plan.js";

/** `allow`: the hazards that the file accepts already. */
export function refusedError(refusals: readonly Refusal[], allow: readonly string[], file: string): ChangeoverError {
  const code = strongest(refusals);
  const [only, ...others] = refusals;
  if (only !== undefined && others.length === 0) {
    return new ChangeoverError(code, only.message, { where: file, hint: only.hint, details: [`reason ${only.name}`] });
  }
  const hazards = refusals.filter((r) => r.code === "hazard");
  const kinds =
    hazards.length === 0
      ? "."
      : hazards.length === refusals.length
        ? ", all of them hazards that it may allow."
        : `, ${hazards.length === 1 ? "one of them a hazard" : `${hazards.length} of them hazards`} that it may allow.`;
  // One line to paste serves all hazards; what is refused has each its own way out.
  const line = [...allow, ...hazards.map((r) => r.name)].join(", ");
  return new ChangeoverError(code, `The change is refused for ${refusals.length} reasons${kinds}`, {
    where: file,
    details: refusals.flatMap((r) => [
      `${r.code === "hazard" ? "hazard " : ""}${r.name}: ${r.message}`,
      ...(r.code === "hazard" ? [] : [`    ${r.hint}`]),
    ]),
    hint: hazards.length === 0 ? undefined : `If the hazards are acceptable, say so in change.yaml: allow: [${line}].`,
  });
}

/** Something that is not there is told before what would be refused about it. */
export function strongest(refusals: readonly Refusal[]): Refusal["code"] {
  const order: readonly Refusal["code"][] = ["not-found", "privilege", "refused", "hazard"];
  return order.find((code) => refusals.some((r) => r.code === code)) ?? "refused";
}
