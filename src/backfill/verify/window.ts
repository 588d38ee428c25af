/** One short transaction: a window compared, what it holds kept, and the part moved with it. No snapshot outlives it. */
import type { Database } from "../../db/pool.js";
import type { Session } from "../../db/session.js";
import { FINDINGS_MOST, findingsOf } from "../../journal/findings.js";
import { type PartLease, walkPart } from "../../journal/parts.js";
import type { PageRange } from "../../journal/slices.js";
import type { VerificationRow } from "../../journal/verifications.js";
import { isLeafGone } from "../part.js";
import { tid } from "../range.js";
import { type FillRevision, keepText, verifyText } from "../statements.js";
import { sameFile } from "./reading.js";

export type WindowResult =
  | { readonly kind: "walked"; readonly pass: VerificationRow; readonly paused: boolean; readonly ms: number }
  /** the part has another file, or its leaf has gone or takes another name */
  | { readonly kind: "moved-away" }
  /** the part is somebody else's, or the verification over */
  | { readonly kind: "lost" };

export type WindowPlace = {
  readonly window: PageRange;
  readonly targetMs: number | undefined;
  readonly leaseMs: number;
};

class Lost extends Error {}

/** `revision`: over the leased part; see `overPart`. */
export async function walkWindow(
  db: Database,
  revision: FillRevision,
  lease: PartLease,
  { window, targetMs, leaseMs }: WindowPlace,
): Promise<WindowResult> {
  try {
    const seen = await db.borrow((session) =>
      sameFile(session, revision, { filenode: lease.filenode, targetMs, readOnly: false }, async () => {
        const started = performance.now();
        const found = await look(session, revision, lease.verification, [tid(window[0]), tid(window[1])]);
        const ms = performance.now() - started;
        const pass = await walkPart(session, lease, { next: window[1], ...found }, leaseMs);
        if (pass === null) throw new Lost();
        return { pass, ms };
      }),
    );
    if (seen === "moved-away") return { kind: seen };
    const { paused, ...pass } = seen.pass;
    return { kind: "walked", pass, paused, ms: seen.ms };
  } catch (error) {
    if (error instanceof Lost) return { kind: "lost" };
    if (isLeafGone(revision, error)) return { kind: "moved-away" };
    throw error;
  }
}

async function look(session: Session, { id, fill }: FillRevision, verification: number, tids: readonly string[]) {
  const none = { suspects: 0, beyond: 0, skipped: 0 };
  const { rows, mismatches, lost } = await session.one<{ rows: number; mismatches: number; lost: number }>(
    verifyText(fill),
    tids,
  );
  if (mismatches + lost === 0) return { rows, ...none };
  const room = Math.max(0, FINDINGS_MOST - (await findingsOf(session, verification)));
  const kept = await session.one<typeof none>(keepText(fill), [...tids, id, verification, room]);
  return { rows, ...kept };
}
