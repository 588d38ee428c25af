import type { Session } from "../../db/session.js";
import type { FillTransform } from "../../revisions/revision.js";
import type { Written } from "./compute.js";

/** Writes to those that are as they were read and that nobody has locked; how many those were. */
export async function writeRows(session: Session, { write }: FillTransform, rows: readonly Written[]): Promise<number> {
  if (rows.length === 0) return 0;
  const column = (of: (row: Written) => string) => rows.map(of);
  return session.run(write, [column((row) => row.tid), column((row) => row.version), column((row) => row.text)]);
}
