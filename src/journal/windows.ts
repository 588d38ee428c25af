/**
 * Time windows outside of which a plan's backfill rests. What is open is decided by the server, in the statement that reads
 * the journal: by its clock and its time zones, which every worker shares, and not by those of each worker's own runtime,
 * which may be years apart from it. A window is the time between two instants: the one at which its zone's clocks show its
 * beginning, and the one of its end. A time that the clocks skip is taken for the one an hour later, and of a time that
 * comes twice the second is meant; in between it is as long as the day is.
 */
import { type SqlText, sql } from "../sql/text.js";

export const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
export type Day = (typeof DAYS)[number];

export type Window = {
  /** on which it begins */
  readonly days: readonly Day[];
  /** `22:00` */
  readonly from: string;
  /** `06:00`, of the next day where that is not after the beginning; at most `24:00` */
  readonly to: string;
  /** as the server's pg_timezone_names has it */
  readonly zone: string;
};

const FORM = "Give it as [days] <from>-<to> <time zone>, e.g. 22:00-06:00 Europe/Zurich or Sat,Sun 00:00-24:00 UTC.";

/** `Sat,Sun 00:00-24:00 UTC`, `Mon-Fri 22:00-06:00 Europe/Zurich`; a text: what is wrong with it. Whether there is such a zone the server knows. */
export function parseWindow(text: string): Window | string {
  const words = text.trim().split(/\s+/);
  const days = words.length > 1 && /^[a-z]/i.test(words[0] ?? "") ? words.shift() : undefined;
  const [hours = "", zone, ...rest] = words;
  const [, from = "", to = ""] = /^(\d{1,2}:\d{2})-(\d{1,2}:\d{2})$/.exec(hours) ?? [];
  if (from === "") return `There is no <from>-<to> in "${text}". ${FORM}`;
  if (zone === undefined) return `"${text}" names no time zone. ${FORM}`;
  if (rest.length > 0 || !/^[A-Za-z0-9_+/-]+$/.test(zone)) return `"${text}" is no window. ${FORM}`;
  const chosen = days === undefined ? [...DAYS] : daysFrom(days);
  if (typeof chosen === "string") return chosen;
  const wrong = [from, to].find((time) => !isTime(time) || (time === from && minutes(time) === 24 * 60));
  if (wrong !== undefined) return `${wrong} is no time of a day: 00:00 to 23:59, or 24:00 at the end.`;
  if (minutes(from) === minutes(to)) return `${hours} begins when it ends. A whole day is 00:00-24:00.`;
  return { days: chosen, from: from.padStart(5, "0"), to: to.padStart(5, "0"), zone };
}

function daysFrom(text: string): Day[] | string {
  const named = new Set<Day>();
  for (const part of text.split(",")) {
    const [first, last = first] = part.split("-").map(dayFrom);
    if (first === undefined || last === undefined || part.split("-").length > 2)
      return `"${part}" is no day: ${DAYS.join(", ")}, with commas, or as Mon-Fri.`;
    for (let n = DAYS.indexOf(first); ; n = (n + 1) % DAYS.length) {
      const day = DAYS[n];
      if (day !== undefined) named.add(day);
      if (day === last) break;
    }
  }
  return DAYS.filter((day) => named.has(day));
}

const dayFrom = (text: string) => DAYS.find((day) => day.toLowerCase() === text.toLowerCase());
const minutes = (time: string) => Number(time.split(":")[0]) * 60 + Number(time.split(":")[1]);
const isTime = (time: string) => Number(time.split(":")[1]) < 60 && minutes(time) <= 24 * 60;

/** As `parseWindow` takes it. */
export function describeWindow({ days, from, to, zone }: Window): string {
  return `${days.length === DAYS.length ? "" : `${days.join(",")} `}${from}-${to} ${zone}`;
}

/** Of a plan's `limits` (jsonb): null while a window is open, or none is set; else when the next one opens: `Mon 22:00 Europe/Zurich`. */
export function opensText(limits: SqlText, now: SqlText = sql`statement_timestamp()`): SqlText {
  return sql`(select case when count(*) = 0 or bool_or(o.starts <= ${now} and ${now} < o.ends) then null
              else coalesce((array_agg(o.label order by o.starts) filter (where o.starts > ${now}))[1], 'never') end
    from (select (d.day + w."from"::time) at time zone w.zone as starts,
                 (d.day + (w."to"::time <= w."from"::time)::int + w."to"::time) at time zone w.zone as ends,
                 to_char(d.day::timestamp, 'Dy ') || w."from" || ' ' || w.zone as label
            from jsonb_to_recordset(coalesce(${limits} -> 'windows', '[]')) as w (days jsonb, "from" text, "to" text, zone text)
           cross join lateral (select (${now} at time zone w.zone)::date + n as day from generate_series(-1, 8) n) d
           where w.days @> to_jsonb(to_char(d.day::timestamp, 'Dy'))) o)`;
}

/** `outside its window, opens Mon 22:00 Europe/Zurich` */
export const outsideWords = (opens: string) => `outside its window, opens ${opens}`;
