/** Changes a revision's links in its text and nowhere else: its id, its checksum and every other line stay. */
import { headerLength, isLink, normaliseText } from "./checksum.js";
import type { Links } from "./format.js";
import { keyLine } from "./keys.js";
import { printIds } from "./print.js";
import type { Revision } from "./revision.js";

export function relink(revision: Revision, links: Links): Revision {
  const lines = normaliseText(revision.text).split("\n");
  const end = headerLength(lines);
  const written = lines.flatMap((line, index) => {
    if (index >= end || !isLink(line)) return [line];
    const key = keyLine(line)?.key;
    if (key === "depends_on") return [];
    if (key !== "parent") return [line];
    // The file's own column: a hand-written one may have no padding.
    const column = /^-- parent[ \t]+/.exec(line)?.[0] ?? "-- parent ";
    const dependsOn = "-- depends_on".padEnd(column.length - 1);
    return [
      `${column}${printIds(links.parents)}`,
      ...(links.dependsOn.length === 0 ? [] : [`${dependsOn} ${printIds(links.dependsOn)}`]),
    ];
  });
  return { ...revision, parents: [...links.parents], dependsOn: [...links.dependsOn], text: written.join("\n") };
}
