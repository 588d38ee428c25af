import { expect, test } from "vitest";
import { buildReport } from "../../../src/status/report.js";
import { statusJsonSchema, statusReportSchema } from "../../../src/status/schema.js";
import { at, COMPLETE, fillOf, PLAN, type Scene, scene } from "./fixture.js";

const failed = { key: "id=42", sqlstate: "22003", message: "integer out of range" };
const scenes: [string, Scene][] = [
  ["nothing", { folder: [] }],
  ["planned", {}],
  ["filling", { states: ["done", "done", "running"], fills: [fillOf({ failures: [failed], throttle: "lag" })] }],
  ["paused", { states: ["done", "done"], plan: { pausedAt: at("09:00"), pausedBy: "bob" } }],
  ["blocked", { states: ["done", "blocked"] }],
  ["at its gate", { states: ["done", "done", "done", "done"], evidence: COMPLETE }],
  [
    "opened by hand",
    {
      states: ["done", "done", "done", "done"],
      evidence: {
        ...COMPLETE,
        verification: null,
        confirmation: {
          release: "v2",
          despite: ["verified"],
          reason: "by hand",
          actor: "ann",
          at: at("10:00"),
          mirror: {},
        },
      },
    },
  ],
  ["done", { states: ["done", "done", "done", "done", "done"] }],
  ["undone", { plan: { openedAt: at("08:00") } }],
  ["known from the journal alone", { states: ["done", "done"], folder: PLAN.slice(0, 1) }],
];

test.each(scenes)("the report of a plan that is %s is what its schema says, as JSON", (_what, given) => {
  const report = buildReport(scene(given));
  const json = JSON.parse(JSON.stringify(report));
  expect(statusReportSchema.parse(json)).toEqual(report);
  expect(validate(statusJsonSchema(), json, "$")).toEqual([]);
});

test("the schema is refused what is not in it", () => {
  const json = { ...JSON.parse(JSON.stringify(buildReport(scene({})))), surprise: 1 };
  expect(statusReportSchema.safeParse(json).success).toBe(false);
  expect(validate(statusJsonSchema(), json, "$")).toEqual(["$.surprise is not in the schema"]);
});

test("every field is described", () => {
  const nameless: string[] = [];
  walk(statusJsonSchema(), "$", (schema, path) => {
    if (path !== "$" && !described(schema)) nameless.push(path);
  });
  expect(nameless).toEqual([]);
});

type Schema = {
  description?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
};

/** Itself, or the half of it that is not null. */
function described(schema: Schema): boolean {
  return schema.description !== undefined || (schema.anyOf ?? []).some((one) => one.description !== undefined);
}

function walk(schema: Schema, path: string, visit: (schema: Schema, path: string) => void): void {
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    visit(field, `${path}.${name}`);
    walk(field, `${path}.${name}`, visit);
  }
  if (schema.items !== undefined) walk(schema.items, `${path}[]`, visit);
  for (const one of schema.anyOf ?? []) walk(one, path, visit);
}

/** As much of JSON Schema as this one uses, read from the schema itself and not through the library that made it. */
function validate(schema: Schema, value: unknown, path: string): string[] {
  if (schema.anyOf !== undefined) {
    const tries = schema.anyOf.map((one) => validate(one, value, path));
    return tries.find((errors) => errors.length === 0) ?? tries.flat();
  }
  if (schema.enum !== undefined) return schema.enum.includes(value) ? [] : [`${path} is ${String(value)}`];
  if (schema.const !== undefined) return schema.const === value ? [] : [`${path} is ${String(value)}`];
  if (Array.isArray(schema.type)) {
    return validate({ anyOf: schema.type.map((type) => ({ ...schema, type })) }, value, path);
  }
  switch (schema.type) {
    case "null":
      return value === null ? [] : [`${path} is not null`];
    case "integer":
      return Number.isInteger(value) ? [] : [`${path} is not an integer`];
    case "array":
      if (!Array.isArray(value)) return [`${path} is not an array`];
      return value.flatMap((item, n) => validate(schema.items ?? {}, item, `${path}[${n}]`));
    case "object": {
      if (typeof value !== "object" || value === null) return [`${path} is not an object`];
      const fields: Record<string, unknown> = { ...value };
      const known = schema.properties ?? {};
      return [
        ...(schema.required ?? []).filter((name) => !(name in fields)).map((name) => `${path}.${name} is missing`),
        ...Object.entries(fields).flatMap(([name, field]) => {
          const type = known[name];
          return type === undefined
            ? [`${path}.${name} is not in the schema`]
            : validate(type, field, `${path}.${name}`);
        }),
      ];
    }
    default:
      return typeof value === schema.type ? [] : [`${path} is not a ${String(schema.type)}`];
  }
}
