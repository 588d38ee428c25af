/** A YAML file as values and places. A change is one flat map; of YAML's rest, what would mislead is refused by name. */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  visit,
} from "yaml";
import type { Mistake, Place } from "./mistake.js";
import { offsetInScalar } from "./scalar.js";
import { syntaxMistakes } from "./yaml-errors.js";

export type YamlPath = readonly [key: string, index?: number];
export type YamlValues = Readonly<Record<string, unknown>>;

export type YamlMap = {
  /** the map's keys and plain values; null: there is none to read, and `mistakes` says why */
  readonly values: YamlValues | null;
  readonly mistakes: readonly Mistake[];
  /** false: values of a program, which has other ways of saying them */
  readonly isYaml: boolean;
  readonly placeOf: (offset: number) => Place;
  /** where the map begins */
  readonly start: number;
  readonly keyAt: (key: string) => number;
  /** where a value is written; `inside`: so many characters into a string */
  readonly valueAt: (path: YamlPath, inside?: number) => number;
  /** a scalar as written, without quotes; for others `a list` or `a map` */
  readonly written: (path: YamlPath) => string;
  /** the value stands in YAML's quotes */
  readonly isQuoted: (key: string) => boolean;
};

export function readYamlMap(text: string): YamlMap {
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: false, version: "1.2" });
  const mistakes = [...syntaxMistakes(document, text)];
  const broken =
    document.errors.some((error) => error.code !== "DUPLICATE_KEY") || mistakes.length > document.errors.length;
  const { contents } = document;
  const start = contents?.range?.[0] ?? 0;
  const at = (node: unknown, otherwise: number) => (isNode(node) ? (node.range?.[0] ?? otherwise) : otherwise);

  const pairs = new Map<string, Pair<unknown, unknown>>();
  if (isMap(contents)) {
    for (const pair of contents.items) {
      if (isScalar(pair.key) && typeof pair.key.value === "string") pairs.set(pair.key.value, pair);
      else if (!broken)
        mistakes.push({
          message: "a key that is not a word.",
          hint: "Write keys as `key: value`.",
          offset: at(pair.key, start),
        });
    }
  } else if (!broken) {
    mistakes.push(notAMap(contents, start));
  }
  const indirect = broken ? [] : references(document, text);
  mistakes.push(...indirect);

  const nodeAt = ([key, index]: YamlPath): unknown => {
    const value = pairs.get(key)?.value;
    return index === undefined ? value : isSeq(value) ? value.items[index] : undefined;
  };
  const keyAt = (key: string) => at(pairs.get(key)?.key, start);
  const usable = isMap(contents) && !broken && indirect.length === 0;
  return {
    values: usable ? Object.fromEntries([...pairs].map(([key, pair]) => [key, plain(pair.value)])) : null,
    mistakes,
    isYaml: true,
    placeOf: (offset) => placeIn(text, Math.min(offset, text.length)),
    start,
    keyAt,
    valueAt: (path, inside = 0) => {
      const node = nodeAt(path);
      if (isScalar(node) && inside > 0) return offsetInScalar(text, node, inside);
      return at(node, keyAt(path[0]));
    },
    written: (path) => {
      const node = nodeAt(path);
      if (isScalar(node)) return node.source ?? String(node.value ?? "");
      return isSeq(node) ? "a list" : "a map";
    },
    isQuoted: (key) => {
      const node = nodeAt([key]);
      return isScalar(node) && (node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE);
    },
  };
}

/** Counted here: the parser's own LineCounter loses lines where a directive stands in the middle of a file. */
function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, col: offset - before.lastIndexOf("\n") };
}

function notAMap(contents: Node | null, offset: number): Mistake {
  const hint = "Write `change:`, `table:`, `column:` and so on, each on a line of its own.";
  if (contents === null) return { message: "the file declares nothing.", hint, offset: 0 };
  const found = isSeq(contents) ? "a list" : "a single value";
  return { message: `${found} at the top; expected keys with values.`, hint, offset };
}

/** What stands for something written elsewhere: in a file of eight keys it only hides what is meant. */
function references(document: Document.Parsed, text: string): Mistake[] {
  const found: Mistake[] = [];
  const refuse = (node: Node, what: string, mark: string) => {
    const end = node.range?.[0] ?? 0;
    const offset = Math.max(0, text.lastIndexOf(mark, end));
    found.push({ message: `the ${what} ${mark} is not read here.`, hint: "Write the value itself.", offset });
  };
  visit(document, {
    Alias: (_key, node) => refuse(node, "alias", `*${node.source}`),
    Value: (_key, node) => {
      if (node.anchor !== undefined) refuse(node, "anchor", `&${node.anchor}`);
      if (node.tag?.startsWith("!") === true) refuse(node, "tag", node.tag);
    },
  });
  return found;
}

function plain(node: unknown): unknown {
  if (isScalar(node)) return node.value;
  if (isSeq(node)) return node.items.map(plain);
  if (isMap(node)) return {};
  return isAlias(node) ? undefined : null;
}
