/** The text format of Prometheus, read as strictly as its page says it is written; anything else fails. */

export type Sample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};
export type Family = {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: Sample[];
};

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [""],
  gauge: [""],
  histogram: ["_bucket", "_sum", "_count"],
  summary: ["", "_sum", "_count"],
};

/** By name. Throws for a line that is none, a sample without its family, two of the same, or a histogram that does not add up. */
export function parseExposition(text: string): Map<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const families = new Map<string, { name: string; type: string; help: string; samples: Sample[] }>();
  let help: { name: string; text: string } | null = null;
  let open: Family | null = null;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment !== null) {
      const [, what, name = "", rest = ""] = comment;
      if (!NAME.test(name)) throw new Error(`no name of a metric: ${line}`);
      if (what === "HELP") {
        help = { name, text: rest };
        continue;
      }
      if (families.has(name)) throw new Error(`twice: ${name}`);
      if (help?.name !== name || help.text === "") throw new Error(`without HELP: ${name}`);
      if (SUFFIXES[rest] === undefined) throw new Error(`no type: ${line}`);
      const made = { name, type: rest, help: help.text, samples: [] };
      families.set(name, made);
      open = made;
      continue;
    }
    const sample = sampleOf(line);
    if (open === null || !SUFFIXES[open.type]?.some((suffix) => sample.name === `${open?.name}${suffix}`))
      throw new Error(`not of ${open?.name}: ${line}`);
    const same = (other: Sample) => other.name === sample.name && key(other.labels) === key(sample.labels);
    if (open.samples.some(same)) throw new Error(`twice: ${line}`);
    open.samples.push(sample);
  }
  for (const family of families.values()) if (family.type === "histogram") addsUp(family);
  return families;
}

const key = (labels: Sample["labels"]) => JSON.stringify(Object.entries(labels).sort());

function sampleOf(line: string): Sample {
  const parts = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
  if (parts === null) throw new Error(`no sample: ${line}`);
  const [, name = "", inner = "", text = ""] = parts;
  const labels: Record<string, string> = {};
  let rest = inner;
  while (rest !== "") {
    const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/.exec(rest);
    if (label === null) throw new Error(`no label: ${rest}`);
    const [all, one = "", value = ""] = label;
    if (one in labels) throw new Error(`twice: ${one} in ${line}`);
    labels[one] = value.replace(/\\(.)/g, (_, c: string) => (c === "n" ? "\n" : c));
    rest = rest.slice(all.length);
  }
  const value = text === "+Inf" ? Number.POSITIVE_INFINITY : text === "-Inf" ? Number.NEGATIVE_INFINITY : Number(text);
  if (Number.isNaN(value) && text !== "NaN") throw new Error(`no number: ${line}`);
  return { name, labels, value };
}

function addsUp({ name, samples }: Family): void {
  const series = new Map<string, Sample[]>();
  for (const sample of samples) {
    const { le: _le, ...labels } = sample.labels;
    series.set(key(labels), [...(series.get(key(labels)) ?? []), sample]);
  }
  for (const [labels, own] of series) {
    const buckets = own.filter((one) => one.name === `${name}_bucket`).map(({ value }) => value);
    const total = own.find((one) => one.name === `${name}_count`)?.value;
    const rises = buckets.every((value, n) => n === 0 || value >= (buckets[n - 1] ?? 0));
    if (!rises || buckets.at(-1) !== total) throw new Error(`does not add up: ${name} ${labels}`);
  }
}

/** The only sample with these labels (others may have more); undefined: there is none. */
export function figure(
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Sample["labels"] = {},
): number | undefined {
  const found = (families.get(name)?.samples ?? []).filter((sample) =>
    Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
  if (found.length > 1) throw new Error(`${found.length} samples of ${name}`);
  return found[0]?.value;
}
