/** `plan --probe`: what a canary measured, and what the whole fill may take. */
import type { Probe, Range } from "../../app/probe-projection.js";
import { count, counted, milliseconds, span } from "../../gates/words.js";
import { labelled, type RenderOptions } from "./text.js";
import { bytes } from "./units.js";

export function renderProbe(probe: Probe, options: RenderOptions): string {
  const { sample, seconds } = probe;
  const sizes = ({ from, to }: Range) => (to === 0 ? "none" : `${bytes(from)} to ${bytes(to)}`);
  const times = ({ from, to }: Range) => `${span(Math.ceil(from))} to ${span(Math.ceil(to))}`;
  const lines: [string, string][] = [
    [
      "probe",
      `${counted(sample.pages, "page")} of ${count(probe.pages)} tried on a copy that is gone: ${counted(sample.rows, "row")} in ${counted(sample.batches, "batch", "batches")}, ${milliseconds(sample.ms)}`,
    ],
    ["rows", `about ${count(probe.rows)} to write`],
    ...(probe.rowsPerSecond === null
      ? []
      : [["rate", `${count(probe.rowsPerSecond)} rows/s`] satisfies [string, string]]),
    [
      "wal",
      probe.walBytes === null
        ? "not known"
        : `${sizes(probe.walBytes)}${probe.walBytesPerRow === null ? "" : ` (${count(probe.walBytesPerRow)} B a row, tried)`}`,
    ],
    ["heap", `grows by ${sizes(probe.heapGrowthBytes)}`],
    ["indexes", `grow by ${sizes(probe.indexGrowthBytes)}`],
    ["disk", `free space cannot be read through SQL; the database has ${bytes(probe.databaseBytes)} now`],
    ...(seconds === null
      ? []
      : [["takes", `${times(seconds[1])} with 1 worker, ${times(seconds[2])} with 2`] satisfies [string, string]]),
  ];
  return [
    ...lines.flatMap(([label, text]) => labelled(label, text, options)),
    ...probe.assumptions.flatMap((text, n) => labelled(n === 0 ? "assumes" : "", text, options)),
  ].join("\n");
}
