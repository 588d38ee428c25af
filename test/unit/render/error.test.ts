import { expect, test } from "vitest";
import { errorJson, renderError } from "../../../src/cli/render/error.js";
import { ChangeoverError } from "../../../src/errors.js";

const pipe = { width: 80, color: false, unicode: true, wrapped: false };
const narrow = { ...pipe, width: 50, wrapped: true };

const error = new ChangeoverError("drift", "app.orders is not what plan orders was made for, which was a while ago.", {
  where: "plans/0001-orders/1-expand.sql",
  details: ["index orders_total is new", "two\n    lines"],
  hint: "Undo the plan: changeover downgrade orders-total@base, then plan again.",
});

test("in a pipe each part is one line", () => {
  expect(`\n${renderError(error, pipe)}\n`).toBe(`
error app.orders is not what plan orders was made for, which was a while ago.
  at    plans/0001-orders/1-expand.sql
  index orders_total is new
  two
      lines
  do    Undo the plan: changeover downgrade orders-total@base, then plan again.
`);
});

test("on a terminal it is wrapped between words, but a command stays whole", () => {
  expect(`\n${renderError(error, narrow)}\n`).toBe(`
error app.orders is not what plan orders was made
      for, which was a while ago.
  at    plans/0001-orders/1-expand.sql
  index orders_total is new
  two
      lines
  do    Undo the plan:
        changeover downgrade orders-total@base,
        then plan again.
`);
});

test("what a server says cannot move the cursor", () => {
  const evil = new ChangeoverError("database", "bad \u001b[2J\rvalue", { details: ["\u202egnp.exe"], hint: "\u0007" });
  for (const options of [pipe, narrow]) expect(renderError(evil, options)).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
});

test("as JSON it is one line, with every field", () => {
  expect(errorJson(error)).not.toContain("\n");
  expect(JSON.parse(errorJson(new ChangeoverError("gate", "Shut.")))).toEqual({
    error: { code: "gate", exitCode: 7, message: "Shut.", where: null, hint: null, details: [] },
  });
});
