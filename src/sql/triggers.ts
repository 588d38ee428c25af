/** What a text of SQL makes of triggers and functions, read from PostgreSQL's own grammar. */
import { type Node, type ParsedStatement, parseStatements } from "./parser.js";

/** One effect, in the order of the text. Names as the catalog spells them; `schema` null where the text names none. */
export type TriggerEffect =
  | {
      readonly kind: "trigger-made";
      readonly name: string;
      readonly table: Name;
      readonly calls: Name;
      /** the statement, as written */
      readonly text: string;
    }
  | { readonly kind: "trigger-always"; readonly name: string; readonly table: Name; readonly text: string }
  | { readonly kind: "trigger-dropped"; readonly name: string; readonly table: Name }
  | {
      readonly kind: "function-made";
      readonly function: Name;
      readonly body: string;
      /** SECURITY DEFINER */
      readonly definer: boolean;
      readonly text: string;
    }
  | { readonly kind: "function-dropped"; readonly function: Name };

export type Name = { readonly schema: string | null; readonly name: string };

/** Statements of other kinds are passed over. `loadParser()` must have been awaited. Throws ParseError. */
export function triggerEffects(text: string): TriggerEffect[] {
  return parseStatements(text).flatMap((statement) => effectsOf(statement, text));
}

function effectsOf({ kind, node, start, end }: ParsedStatement, whole: string): TriggerEffect[] {
  const body = child(node, kind);
  const text = whole.slice(start, end).trim();
  switch (kind) {
    case "CreateTrigStmt": {
      const table = relation(body);
      return [
        { kind: "trigger-made", name: string(body.trigname), table, calls: nameOf(strings(body.funcname)), text },
      ];
    }
    case "AlterTableStmt":
      return list(body.cmds)
        .map((command) => child(command, "AlterTableCmd"))
        .filter((command) => command.subtype === "AT_EnableAlwaysTrig")
        .map((command) => ({ kind: "trigger-always", name: string(command.name), table: relation(body), text }));
    case "CreateFunctionStmt": {
      const made = { function: nameOf(strings(body.funcname)), body: source(body), definer: isDefiner(body) };
      return [{ kind: "function-made", ...made, text }];
    }
    case "DropStmt":
      return list(body.objects).flatMap((object) => dropped(string(body.removeType), object));
    default:
      return [];
  }
}

function dropped(type: string, object: Node): TriggerEffect[] {
  if (type === "OBJECT_FUNCTION")
    return [{ kind: "function-dropped", function: nameOf(strings(child(object, "ObjectWithArgs").objname)) }];
  if (type !== "OBJECT_TRIGGER") return [];
  const path = strings(child(object, "List").items);
  return [{ kind: "trigger-dropped", name: path.at(-1) ?? "", table: nameOf(path.slice(0, -1)) }];
}

function isDefiner(body: Node): boolean {
  const security = list(body.options)
    .map((option) => child(option, "DefElem"))
    .find((option) => option.defname === "security");
  return security !== undefined && child(child(security, "arg"), "Boolean").boolval === true;
}

/** The text between the quotes of `AS`: what pg_proc.prosrc holds. */
function source(body: Node): string {
  const as = list(body.options)
    .map((option) => child(option, "DefElem"))
    .find((option) => option.defname === "as");
  return as === undefined ? "" : (strings(child(child(as, "arg"), "List").items)[0] ?? "");
}

function relation(body: Node): Name {
  const { schemaname, relname } = child(body, "relation");
  return { schema: typeof schemaname === "string" ? schemaname : null, name: string(relname) };
}

function nameOf(path: readonly string[]): Name {
  return { schema: path.at(-2) ?? null, name: path.at(-1) ?? "" };
}

function child(node: Node, key: string): Node {
  const value = node[key];
  return typeof value === "object" && value !== null ? (value as Node) : {};
}

function list(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value : [];
}

function strings(value: unknown): string[] {
  return list(value).map((item) => string(child(item, "String").sval));
}

function string(value: unknown): string {
  return typeof value === "string" ? value : "";
}
