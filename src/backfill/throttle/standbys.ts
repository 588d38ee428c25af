/**
 * How late standbys are. The server times a standby's replay by its replies: of one that gives none any more it shows what it
 * showed last, until `wal_sender_timeout` ends it. So what was sent and not acknowledged is timed here.
 * Pure; the moments are `performance.now()`'s.
 */
import type { Reading } from "./judge.js";

/** Bytes of WAL: how far the server has come, and what the standby has acknowledged; null: nothing yet. */
export type Position = { readonly flushed: number; readonly written: number | null };

type Mark = { readonly at: number; readonly lsn: number };

/** For so long it is known when the server had come how far. */
const KEPT_MS = 10 * 60_000;

/** Remembers where the server stood when. */
export class Silence {
  #marks: Mark[] = [];

  /** Each row's value, in seconds, is raised to the age of what the standby has not acknowledged. */
  see(rows: readonly (Reading & { readonly position?: Position | null })[], nowMs: number): Reading[] {
    const flushed = Math.max(0, ...rows.flatMap(({ position }) => position?.flushed ?? []));
    if (flushed > (this.#marks.at(-1)?.lsn ?? 0)) this.#marks.push({ at: nowMs, lsn: flushed });
    // The newest mark stays, however old: of a server that stands still something may be out, too.
    this.#marks = this.#marks.filter((mark, n) => n === this.#marks.length - 1 || nowMs - mark.at <= KEPT_MS);
    return rows.map(({ position, ...row }) => {
      const written = position?.written ?? null;
      if (written === null || row.value === null) return row;
      const sent = this.#marks.find((mark) => mark.lsn > written)?.at ?? nowMs;
      return { ...row, value: Math.max(row.value, (nowMs - sent) / 1000) };
    });
  }
}
