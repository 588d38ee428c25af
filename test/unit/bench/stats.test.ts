import { expect, it } from "vitest";
import { interleaved, median, medians, percentile } from "../../../bench/stats.js";

it("takes the middle, or what lies between the two in the middle", () => {
  expect(median([9, 1, 10])).toBe(9);
  expect(median([4, 1, 2, 10])).toBe(3);
  expect(median([])).toBeNaN();
});

it("takes percentiles by nearest rank", () => {
  const values = Array.from({ length: 150 }, (_, n) => 150 - n);
  expect(percentile(values, 0.5)).toBe(75);
  expect(percentile(values, 0.99)).toBe(149);
  expect(percentile(values, 1)).toBe(150);
  expect(percentile([7], 0.01)).toBe(7);
  expect(percentile([], 0.5)).toBeNaN();
});

it("takes medians field by field, and leaves what is no number", () => {
  const runs = [
    { name: "a", seconds: 3, peak: null },
    { name: "a", seconds: 1, peak: null },
    { name: "a", seconds: 2, peak: null },
  ];
  expect(medians(runs)).toEqual({ name: "a", seconds: 2, peak: null });
});

it("measures every case in each round, back and forth", async () => {
  const order: string[] = [];
  const results = await interleaved(["a", "b"], 3, async (one, run) => {
    order.push(one);
    return `${one}${run}`;
  });
  expect(order.join("")).toBe("abbaab");
  expect([...results]).toEqual([
    ["a", ["a1", "a2", "a3"]],
    ["b", ["b1", "b2", "b3"]],
  ]);
});
