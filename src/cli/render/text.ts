/** Text in columns: as wide as a terminal shows it, wrapped between words, and never more than text. */
import pc from "picocolors";
import { clean } from "../../gates/words.js";

export { clean, percent } from "../../gates/words.js";

export type RenderOptions = {
  /** columns */
  readonly width: number;
  readonly color: boolean;
  /** false: marks and bars in ASCII */
  readonly unicode: boolean;
};

export type Colors = ReturnType<typeof pc.createColors>;

/** What this stream can show. Not a terminal: 80 columns, no colour. */
export function renderOptions(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  env: Readonly<Record<string, string | undefined>>,
): RenderOptions {
  const terminal = stream.isTTY === true;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  return {
    width: Math.max(40, terminal ? (stream.columns ?? 80) : 80),
    color: terminal && pc.isColorSupported && !env.NO_COLOR && env.TERM !== "dumb",
    unicode: /utf-?8/i.test(locale) && env.TERM !== "linux" && env.TERM !== "dumb",
  };
}

/** For output that other programs take line by line: as wide as a terminal, and without end in a pipe. */
export function lineOptions(stream: { readonly isTTY?: boolean; readonly columns?: number }): { width: number } {
  return { width: stream.isTTY === true ? Math.max(40, stream.columns ?? 80) : Number.POSITIVE_INFINITY };
}

export const colorsFor = ({ color }: RenderOptions): Colors => pc.createColors(color);

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
/** East Asian wide and fullwidth blocks, and pictures shown as such. */
const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation})/u;

/** Columns that a terminal takes for it. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    if (!/^[\p{M}\p{Cf}]+$/u.test(segment)) width += WIDE.test(segment) ? 2 : 1;
  }
  return width;
}

export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** Cut to a width, with an ellipsis where something was cut. */
export function clip(text: string, width: number, { unicode }: Pick<RenderOptions, "unicode">): string {
  if (displayWidth(text) <= width) return text;
  const mark = unicode ? "…" : "~";
  let clipped = "";
  for (const { segment } of segmenter.segment(text)) {
    if (displayWidth(clipped + segment) > width - 1) break;
    clipped += segment;
  }
  return clipped + mark;
}

/** Lines of at most `width` columns, broken between words; a longer word stays whole, to be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of clean(text).split(" ")) {
    if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** `  label     text`, the further lines under the first one's text. */
export function labelled(
  label: string,
  text: string,
  options: RenderOptions,
  paint = (line: string) => line,
): string[] {
  const indent = 2 + LABEL;
  return wrap(text, options.width - indent).map(
    (line, n) => (n === 0 ? `  ${colorsFor(options).dim(pad(label, LABEL))}` : " ".repeat(indent)) + paint(line),
  );
}
const LABEL = 10;

/** A command on a line of its own: never wrapped, so that it can be copied. */
export function command(label: string, text: string, options: RenderOptions): string {
  const colors = colorsFor(options);
  return `  ${colors.dim(pad(label, LABEL))}${colors.cyan(clean(text))}`;
}

/** `[##########----------]` */
export function progressBar(fraction: number, cells: number, { unicode }: Pick<RenderOptions, "unicode">): string {
  const full = Math.floor(Math.min(1, Math.max(0, fraction)) * cells);
  const [done, left] = unicode ? ["█", "░"] : ["#", "-"];
  return `[${done.repeat(full)}${left.repeat(cells - full)}]`;
}
