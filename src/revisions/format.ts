/** The file format's front: print, parse, finish. The grammar is in `keys.ts`, what a line may hold in `notation.ts`. */
import { checksumOf, idOf } from "./checksum.js";
import { printRevision } from "./print.js";
import type { FillTransform, Revision, RevisionBody, Step } from "./revision.js";
import { trimStatement } from "./statement.js";

export { checksumOf } from "./checksum.js";
export { parseRevision, type Split } from "./parse.js";
export { printRevision } from "./print.js";

export type Links = { readonly parents: readonly string[]; readonly dependsOn: readonly string[] };

const NO_ID = "000000000000";

/**
 * Makes a revision of a body: its id, its checksum, its text. Statements lose the blank around them and their last
 * semicolon. Throws `revision-invalid` for a body that no file can carry.
 */
export function finishRevision(body: RevisionBody, links: Links): Revision {
  const linked = { ...pickBody(body), parents: [...links.parents], dependsOn: [...links.dependsOn] };
  const id = idOf(body, printRevision({ ...linked, id: NO_ID }));
  const text = printRevision({ ...linked, id });
  return { ...linked, id, checksum: checksumOf(text), text, file: null };
}

/** The body's own fields, and no others that an object may carry, with its statements as a file gives them back. */
function pickBody(body: RevisionBody): RevisionBody {
  const { plan, name, title, change, lane, phase, runner, scope, expects, gate, undoGate, deploy, irreversible } = body;
  const trimStep = (step: Step): Step => ({
    ...step,
    sql: trimStatement(step.sql),
    done: step.done === null ? null : trimStatement(step.done),
  });
  return {
    ...{ plan, name, title, change, lane, phase, runner, scope, expects, gate, undoGate, deploy, irreversible },
    upgrade: body.upgrade.map(trimStep),
    downgrade: body.downgrade.map(trimStep),
    fill:
      body.fill === null
        ? null
        : {
            ...body.fill,
            transform: body.fill.transform === null ? null : trimTransform(body.fill.transform),
            batch: body.fill.batch === null ? null : trimStatement(body.fill.batch),
            left: trimStatement(body.fill.left),
            due: trimStatement(body.fill.due),
            one: body.fill.one === null ? null : trimStatement(body.fill.one),
            verify: trimStatement(body.fill.verify),
            mismatches: trimStatement(body.fill.mismatches),
            forth: body.fill.forth === null ? null : trimStatement(body.fill.forth),
            back: body.fill.back === null ? null : trimStatement(body.fill.back),
          },
  };
}

const trimTransform = (transform: FillTransform): FillTransform => ({
  ...transform,
  cursor: trimStatement(transform.cursor),
  write: trimStatement(transform.write),
});
