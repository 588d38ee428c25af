/** The benchmark: sections on a server of its own, tables to stdout, progress to stderr. */
import { writeFile } from "node:fs/promises";
import { type Bench, withBench } from "./bench.js";
import { type Options, readOptions, type Section } from "./options.js";
import { measureCatalog, renderCatalog } from "./sections/catalog.js";
import { measureEngines } from "./sections/engines.js";
import { renderEngines } from "./sections/engines-table.js";
import { measureTriggers, renderTriggers } from "./sections/triggers.js";
import { renderSurroundings, surroundings } from "./surroundings.js";

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Its values, for the file, and its tables, for people. */
const MEASURES: Record<Section, (bench: Bench) => Promise<{ values: unknown; text: string }>> = {
  engines: (bench) => both(measureEngines(bench), renderEngines),
  triggers: (bench) => both(measureTriggers(bench), renderTriggers),
  catalog: (bench) => both(measureCatalog(bench), renderCatalog),
};

/** The exit code. Leaves no server, no directory and no process behind, however it ends. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  const interrupt = new AbortController();
  let code = 0;
  for (const [signal, exitCode] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      code = exitCode;
      interrupt.abort(new Error(`ended by ${signal}`));
    });
  }
  const began = performance.now();
  const say = (text: string) => {
    const at = Math.round((performance.now() - began) / 1000);
    process.stderr.write(`${String(at).padStart(5)} s  ${text}\n`);
  };
  try {
    await withBench({ options, signal: interrupt.signal, say }, (bench) => runSections(bench, options));
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`);
    if (code === 0) code = 1;
  }
  return code;
}

async function runSections(bench: Bench, options: Options): Promise<void> {
  const around = await surroundings(bench);
  process.stdout.write(`${renderSurroundings(around, bench)}\n`);
  const sections: Partial<Record<Section, unknown>> = {};
  for (const section of options.sections) {
    const { values, text } = await MEASURES[section](bench);
    process.stdout.write(`\n${text}\n`);
    sections[section] = values;
    // After each: who interrupts the next one keeps this one.
    if (options.json !== null)
      await writeFile(options.json, `${JSON.stringify({ surroundings: around, options, sections }, null, 2)}\n`);
  }
}

async function both<T>(measuring: Promise<T>, render: (values: T) => string): Promise<{ values: T; text: string }> {
  const values = await measuring;
  return { values, text: render(values) };
}
