import { expect, test } from "vitest";
import { losesInSilence } from "../../../src/planner/lossy.js";

test.each([
  ["numeric(10,4)", "numeric(10,2)", true],
  ["numeric(10,2)", "numeric(12,2)", false],
  ["numeric(10,2)", "numeric(8,2)", false],
  ["numeric", "numeric(10,2)", true],
  ["numeric(10,2)", "numeric", false],
  ["numeric(10)", "numeric(12)", false],
  ["numeric(10,2)", "integer", true],
  ["numeric(10,2)", "double precision", true],
  ["double precision", "real", true],
  ["bigint", "integer", false],
  ["bigint", "double precision", true],
  ["integer", "double precision", false],
  ["integer", "real", true],
  ["character varying(20)", "character varying(4)", true],
  ["character varying(20)", "character varying(60)", false],
  ["character varying(20)", "text", false],
  ["text", "character varying(4)", true],
  ["character(4)", "text", true],
  ["text", "integer", false],
  ["timestamp with time zone", "date", true],
  ["timestamp(6) with time zone", "timestamp(3) with time zone", true],
  ["timestamp without time zone", "timestamp with time zone", false],
  ["date", "timestamp without time zone", false],
])("%s to %s: %s", (from, to, loses) => {
  expect(losesInSilence(from, to)).toBe(loses);
});
