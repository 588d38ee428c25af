/** Cells in columns that line up; what is too wide is wrapped inside of its column. */
import { clean, displayWidth, pad, type RenderOptions, wrap } from "./text.js";

const GAP = 2;

export type TableOptions = Pick<RenderOptions, "width"> & {
  readonly indent: number;
  /** how a column's text is shown once it is padded, e.g. in a colour */
  readonly paint?: (text: string, column: number) => string;
};

/** Lines of at most the given width, unless words are longer; without blanks at their ends. */
export function table(rows: readonly (readonly string[])[], options: TableOptions): string[] {
  const cells = rows.map((row) => row.map(clean));
  const widths = widthsOf(cells, options.width - options.indent);
  const paint = options.paint ?? ((text: string) => text);
  return cells.flatMap((row) => {
    const wrapped = row.map((cell, column) => wrap(cell, widths[column] ?? 0));
    const height = Math.max(...wrapped.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) => {
      const parts = wrapped.map((lines, column) => paint(pad(lines[line] ?? "", widths[column] ?? 0), column));
      return `${" ".repeat(options.indent)}${parts.join(" ".repeat(GAP))}`.trimEnd();
    });
  });
}

/** As wide as the cells ask for; while that is too much, the widest column gives way, down to its longest word. */
function widthsOf(cells: readonly (readonly string[])[], available: number): number[] {
  const columns = Math.max(0, ...cells.map((row) => row.length));
  const most = (of: (cell: string) => number) =>
    Array.from({ length: columns }, (_, column) => Math.max(0, ...cells.map((row) => of(row[column] ?? ""))));
  const widths = most(displayWidth);
  const least = most((cell) => Math.max(...cell.split(" ").map(displayWidth)));
  const room = available - GAP * (columns - 1);
  for (;;) {
    const taken = widths.reduce((sum, width) => sum + width, 0);
    const slack = widths.map((width, column) => (width > (least[column] ?? 0) ? width : 0));
    const widest = Math.max(0, ...slack);
    if (taken <= room || widest === 0) return widths;
    widths[slack.indexOf(widest)] = widest - 1;
  }
}
