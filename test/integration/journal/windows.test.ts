/** When a window is open, by the server's clock and time zones, told of instants. */
import { expect, test } from "vitest";
import { opensText, parseWindow } from "../../../src/journal/windows.js";
import { literal } from "../../../src/sql/literal.js";
import { sql } from "../../../src/sql/text.js";
import { useDatabase } from "../../support/database.js";

const database = useDatabase();

async function opens(now: string, ...windows: string[]): Promise<string | null> {
  const limits = JSON.stringify({ windows: windows.map(parseWindow) });
  const text = opensText(sql`${literal(limits)}::jsonb`, sql`${literal(now)}::timestamptz`);
  return (await database.db.one<{ opens: string | null }>(sql`select ${text} as opens`)).opens;
}

const NIGHT = "22:00-06:00 Europe/Zurich";
const LAST = "Sun 01:00-05:00 Europe/Zurich";

test.each([
  ["before it", "2026-06-01 19:59:59Z", [NIGHT], "Mon 22:00 Europe/Zurich"],
  ["at its beginning", "2026-06-01 20:00Z", [NIGHT], null],
  ["over midnight", "2026-06-02 03:59:59Z", [NIGHT], null],
  ["at its end", "2026-06-02 04:00Z", [NIGHT], "Tue 22:00 Europe/Zurich"],
  ["in winter an hour later", "2026-01-05 20:30Z", [NIGHT], "Mon 22:00 Europe/Zurich"],
  ["a day is the one on which it begins", "2026-06-06 03:00Z", ["Fri 22:00-06:00 Europe/Zurich"], null],
  ["and not the one after", "2026-06-07 03:00Z", ["Fri 22:00-06:00 Europe/Zurich"], "Fri 22:00 Europe/Zurich"],
  ["a week from now", "2026-06-07 22:00Z", ["Sun 20:00-22:00 UTC"], "Sun 20:00 UTC"],
  ["two whole days on end", "2026-06-06 23:59:59.999Z", ["Sat,Sun 00:00-24:00 UTC"], null],
  ["and the second", "2026-06-07 00:00Z", ["Sat,Sun 00:00-24:00 UTC"], null],
  ["and no longer", "2026-06-08 00:00Z", ["Sat,Sun 00:00-24:00 UTC"], "Sat 00:00 UTC"],
  [
    "the first of several to open",
    "2026-06-08 00:00Z",
    ["Sat 00:00-24:00 UTC", "Tue 9:00-10:00 Asia/Tokyo"],
    "Tue 09:00 Asia/Tokyo",
  ],
  ["another one is open", "2026-06-09 00:30Z", ["Sat 00:00-24:00 UTC", "Tue 9:00-10:00 Asia/Tokyo"], null],
  ["none is set", "2026-06-09 00:30Z", [], null],
  // 2026-03-29 has 23 hours in Zurich: at 02:00 (01:00Z) it is 03:00.
  ["23 hours: it begins", "2026-03-29 00:00Z", [LAST], null],
  ["23 hours: it ends after three of its four", "2026-03-29 02:59:59Z", [LAST], null],
  ["23 hours: by the clock on the wall", "2026-03-29 03:00Z", [LAST], "Sun 01:00 Europe/Zurich"],
  [
    "23 hours: the hour that is skipped",
    "2026-03-29 00:59:59Z",
    ["Sun 02:30-04:30 Europe/Zurich"],
    "Sun 02:30 Europe/Zurich",
  ],
  ["23 hours: is taken for the next one", "2026-03-29 01:30Z", ["Sun 02:30-04:30 Europe/Zurich"], null],
  // 2026-10-25 has 25 hours in Zurich: at 03:00 (01:00Z) it is 02:00 again.
  ["25 hours: it begins", "2026-10-24 23:00Z", [LAST], null],
  ["25 hours: it lasts five", "2026-10-25 03:59:59Z", [LAST], null],
  ["25 hours: and no longer", "2026-10-25 04:00Z", [LAST], "Sun 01:00 Europe/Zurich"],
  [
    "25 hours: of the time that comes twice the second ends it",
    "2026-10-25 01:29:59Z",
    ["Sun 01:00-02:30 Europe/Zurich"],
    null,
  ],
  ["25 hours: once", "2026-10-25 01:30Z", ["Sun 01:00-02:30 Europe/Zurich"], "Sun 01:00 Europe/Zurich"],
])("%s", async (_, now, windows, expected) => {
  expect(await opens(now, ...windows)).toBe(expected);
});

test("whatever the session's own time zone and formats are", async () => {
  const asked = sql`select ${opensText(sql`'{"windows": [{"days": ["Mon"], "from": "22:00", "to": "06:00", "zone": "UTC"}]}'::jsonb`, sql`'2026-06-02 06:00Z'::timestamptz`)} as opens`;
  for (const settings of ["timezone = 'Pacific/Auckland'", "datestyle = 'German'", "lc_time = 'C'"]) {
    const client = await database.client();
    await client.query(`set ${settings}`);
    expect((await client.query(asked)).rows).toEqual([{ opens: "Mon 22:00 UTC" }]);
  }
});
