/** Casts that give another value in silence, where the new type cannot hold it whole: cut, or rounded. Pure, by `format_type`'s names. */

const STRINGS = ["character varying", "character", "text"];
const FLOATS = ["real", "double precision"];
const INTEGERS = ["smallint", "integer", "bigint"];
const MOMENTS = ["timestamp without time zone", "timestamp with time zone"];

type Shape = { readonly name: string; readonly sizes: readonly number[] };

/** `numeric(10,2)` → numeric, [10, 2]; `timestamp(3) with time zone` → its name without, [3] */
function shapeOf(type: string): Shape {
  const sizes = /\(([\d,]+)\)/.exec(type)?.[1]?.split(",").map(Number) ?? [];
  return { name: type.replace(/\([\d,]+\)/, "").trim(), sizes };
}

/** A plain cast from the one to the other may lose what no error tells of. */
export function losesInSilence(from: string, to: string): boolean {
  const [a, b] = [shapeOf(from), shapeOf(to)];
  const both = (names: readonly string[]) => names.includes(a.name) && names.includes(b.name);
  // Of a string the length, of a moment the digits of its seconds; without a size it holds all.
  const shorter = (b.sizes[0] ?? Number.POSITIVE_INFINITY) < (a.sizes[0] ?? Number.POSITIVE_INFINITY);
  if (both(STRINGS)) return shorter || (a.name === "character" && b.name !== "character");
  if (both(MOMENTS)) return shorter;
  if (MOMENTS.includes(a.name)) return ["date", "time without time zone", "time with time zone"].includes(b.name);
  const fractions = ["numeric", ...FLOATS];
  if (fractions.includes(a.name) && INTEGERS.includes(b.name)) return true;
  if (a.name === "numeric" && b.name === "numeric") return b.sizes.length > 0 && scaleOf(b) < scaleOf(a);
  if (a.name === "double precision" && b.name === "real") return true;
  if (FLOATS.includes(a.name) && b.name === "numeric") return b.sizes.length > 0;
  return (
    FLOATS.includes(b.name) && ["numeric", ...(b.name === "real" ? INTEGERS.slice(1) : ["bigint"])].includes(a.name)
  );
}

/** numeric(10) has none; numeric as many as anybody wants. */
const scaleOf = ({ sizes }: Shape) => (sizes.length === 0 ? Number.POSITIVE_INFINITY : (sizes[1] ?? 0));
