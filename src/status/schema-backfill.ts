/** What `status` says of rows: those that are filled, and those that are compared. */
import { z } from "zod";
import { DAYS } from "../journal/windows.js";

export const time = (what: string) => z.iso.datetime().describe(`${what}; ISO 8601, UTC, by the server's clock`);
const rows = (what: string) => z.number().nonnegative().describe(what);

export const backfill = z.strictObject({
  strategy: z
    .string()
    .nullable()
    .describe("how its rows are gone through, and why: cursor, because …; null: its file and the journal do not tell"),
  rowsDone: rows("rows written so far"),
  rowsEstimated: rows(
    "rows that will have been written in the end, at as many a page as so far; before the first one, the rows of the pages that are left, as the server estimated them",
  ).nullable(),
  fraction: z.number().min(0).max(1).describe("part of the table's pages that has been walked"),
  rowsPerSecond: rows("over the last minute").nullable().describe("rows a second over the last minute; null: unknown"),
  eta: z
    .strictObject({
      lowSeconds: rows("at the fastest pace of the last ten minutes that was held for a while"),
      highSeconds: rows("at the slowest"),
      heldSeconds: rows("of the time it was measured over: paused, held back, or nobody at work; it does not count"),
      overSeconds: rows("the time it was measured over"),
    })
    .nullable()
    .describe("seconds to the end of the fill, from how its pace varied while it worked; null: not known, or done"),
  endless: z
    .strictObject({
      kind: z
        .enum(["arrivals", "quarantine", "limits", "pace", "held-back"])
        .describe(
          "rows come anew faster than they are filled; failing rows keep coming; what is allowed or what it does takes years; the throttle never lets go",
        ),
      why: z.string().describe("one sentence, with the arithmetic"),
      arrivalsPerSecond: z
        .number()
        .nonnegative()
        .nullable()
        .describe("rows that come anew a second; null: not the reason"),
      drainedPerSecond: z.number().nonnegative().nullable().describe("rows filled a second; null: not known"),
      remedy: z.string().describe("what to do about it"),
    })
    .nullable()
    .describe("why it will never finish as things stand; null: nothing says so"),
  sweeping: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe("part of the table that has been looked through for rows that are due again; null: nobody looks"),
  hotShare: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe("part of its updates that stayed on their page and touched no index; null: none yet"),
  walBytes: rows("bytes that the server wrote while its batches ran, whoever did"),
  walBytesPerRow: rows("the same for each row written")
    .nullable()
    .describe("the same for each row written; null: none yet"),
  slices: z
    .strictObject({
      due: z.number().int().nonnegative().describe("wait for a worker"),
      leased: z.number().int().nonnegative().describe("a worker has them"),
      blocked: z.number().int().nonnegative().describe("stopped, for someone to see"),
      done: z.number().int().nonnegative().describe("filled"),
    })
    .describe("ranges of the table, by state"),
  slow: z
    .string()
    .nullable()
    .describe("whose old snapshot keeps dead row versions, so that more WAL is written than need be; null: nobody's"),
  limits: z
    .strictObject({
      workers: z.number().int().positive().nullable().describe("slices worked on at once; null: 2"),
      rowsPerSecond: z
        .number()
        .positive()
        .nullable()
        .describe("rows filled a second by all workers together; null: no limit"),
      walMbPerSecond: z.number().positive().nullable().describe("MB of WAL that the server may write; null: no limit"),
      duty: z
        .number()
        .positive()
        .max(1)
        .nullable()
        .describe("part of its time that each worker works; null: all of it"),
      windows: z
        .array(
          z.strictObject({
            days: z.array(z.enum(DAYS)).describe("on which it begins"),
            from: z.string().describe("when it opens: 22:00"),
            to: z.string().describe("when it closes, on the next day where that is not later; at most 24:00"),
            zone: z.string().describe("the server's name of the time zone"),
          }),
        )
        .nullable()
        .describe("outside of them it rests; null: it may work at any time"),
      signals: z
        .record(
          z.string(),
          z.strictObject({
            bounds: z
              .strictObject({ slow: z.number(), stop: z.number() })
              .nullable()
              .describe("where it slows the backfill down and stops it; null: it is switched off"),
            until: time("when that ends by itself, and what was set before counts again").nullable(),
            by: z.string().nullable().describe("who set it; null: not on record"),
          }),
        )
        .describe("signals that count otherwise than by default, by their names"),
    })
    .describe("what people allow it, see changeover backfill set"),
  throttle: z.string().nullable().describe("why the workers hold back; null while nothing throttles"),
  quarantined: z.number().int().nonnegative().describe("failed rows that wait for someone to settle them"),
  skipped: z.number().int().nonnegative().describe("failed rows that someone has said may stay unfilled"),
  workers: z.array(z.string()).describe("workers that hold a live lease"),
  failures: z
    .array(
      z.strictObject({
        key: z.string().describe("the row's key (id=42), or its ctid"),
        sqlstate: z.string().describe("the server's error code"),
        message: z.string().describe("the server's message"),
      }),
    )
    .describe("the first of the failed rows; before them, what has stopped slices"),
});

const found = z.strictObject({
  key: z.string().describe("the row's key (id=42), or its ctid"),
  old: z.string().nullable().describe("the old side as text, its first thousand characters; null: NULL"),
  new: z.string().nullable().describe("the new side, likewise"),
  due: z.string().nullable().describe("what the side that follows should hold; null: NULL, or see problem"),
  problem: z.string().nullable().describe("why that cannot be told; null: it can"),
});
export const verification = z.strictObject({
  startedAt: time("when it began"),
  finishedAt: time("when it was done").nullable(),
  rows: rows("rows compared so far"),
  mismatches: rows("rows not in step, looked at twice; 0 until it has come to its end"),
  skipped: rows("further rows not in step, which someone has skipped"),
  found: z.array(found).describe("the first of the rows not in step"),
  fraction: z.number().describe("part of the table that has been compared, 0 to 1"),
  lost: rows("rows in step whose value the old side cannot hold: an undo would lose it"),
  lostRows: z.array(found).describe("the first of those"),
});
