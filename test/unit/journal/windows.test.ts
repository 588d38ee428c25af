import { expect, test } from "vitest";
import { DAYS, describeWindow, parseWindow } from "../../../src/journal/windows.js";

test.each([
  ["22:00-06:00 Europe/Zurich", [...DAYS], "22:00", "06:00", "Europe/Zurich", "22:00-06:00 Europe/Zurich"],
  ["Sat,Sun 00:00-24:00 UTC", ["Sat", "Sun"], "00:00", "24:00", "UTC", "Sat,Sun 00:00-24:00 UTC"],
  [
    "  mon-FRI  7:30-9:00 Etc/GMT+5 ",
    DAYS.slice(0, 5),
    "07:30",
    "09:00",
    "Etc/GMT+5",
    "Mon,Tue,Wed,Thu,Fri 07:30-09:00 Etc/GMT+5",
  ],
  [
    "Sat-Mon,Wed 1:00-2:00 UTC",
    ["Mon", "Wed", "Sat", "Sun"],
    "01:00",
    "02:00",
    "UTC",
    "Mon,Wed,Sat,Sun 01:00-02:00 UTC",
  ],
])("%s", (text, days, from, to, zone, said) => {
  const window = parseWindow(text);
  expect(window).toEqual({ days, from, to, zone });
  if (typeof window === "string") throw new Error(window);
  expect(describeWindow(window)).toBe(said);
  expect(parseWindow(said)).toEqual(window);
});

test.each([
  ["", "There is no <from>-<to>"],
  ["22:00 UTC", "There is no <from>-<to>"],
  ["22:00-06:00", "names no time zone"],
  ["22:00-06:00 Europe / Zurich", "is no window"],
  ["22:00-06:00 'UTC'", "is no window"],
  ["Someday 22:00-06:00 UTC", '"Someday" is no day'],
  ["Mon-Wed-Fri 22:00-06:00 UTC", '"Mon-Wed-Fri" is no day'],
  ["22:60-06:00 UTC", "22:60 is no time of a day"],
  ["24:00-06:00 UTC", "24:00 is no time of a day"],
  ["22:00-24:30 UTC", "24:30 is no time of a day"],
  ["6:00-06:00 UTC", "begins when it ends"],
])("%s is refused: %s", (text, says) => {
  expect(parseWindow(text)).toContain(says);
});
