/** What people get to read, each bad file with the whole block that answers it: the file as a whole, and its keys. */
import { beforeAll, expect, test } from "vitest";
import { loadParser } from "../../../src/sql/expression.js";
import { type BadFile, blockOf, NOT_NULL, RENAME } from "./block.js";

beforeAll(loadParser);

const cases: readonly BadFile[] = [
  // a file that is no map of keys
  [
    "",
    [
      "change.yaml:1:1: The file declares nothing.",
      "Write `change:`, `table:`, `column:` and so on, each on a line of its own.",
    ],
  ],
  [
    "# only a comment\n",
    [
      "change.yaml:1:1: The file declares nothing.",
      "Write `change:`, `table:`, `column:` and so on, each on a line of its own.",
    ],
  ],
  [
    "- change\n",
    [
      "change.yaml:1:1: A list at the top; expected keys with values.",
      "Write `change:`, `table:`, `column:` and so on, each on a line of its own.",
    ],
  ],
  [
    "rename\n",
    [
      "change.yaml:1:1: A single value at the top; expected keys with values.",
      "Write `change:`, `table:`, `column:` and so on, each on a line of its own.",
    ],
  ],
  [
    "change: rename_column\ntable: a\n---\ncolumn: b\n",
    ["change.yaml:3:1: A second document begins here.", "Declare one change a file, each in a plan of its own."],
  ],
  [
    "\tchange: x\n",
    ["change.yaml:1:1: A tab at the start of a line, where YAML takes spaces.", "Replace it by spaces."],
  ],
  [
    "change: rename_column\n table: x\n",
    [
      "change.yaml:2:2: An indented line with a colon, which YAML reads as part of the value above.",
      "Start each key in the first column, and put a value of several lines under `key: |`.",
    ],
  ],
  [
    "change: {a: 1\n",
    [
      "change.yaml:2:1: Not valid YAML: flow map in block collection must be sufficiently indented and end with a }.",
      "Close what is open, and start each key in the first column.",
    ],
  ],
  [
    "? [a]\n: 1\nchange: rename_column\ntable: app.orders\ncolumn: total\nto: x\n",
    ["change.yaml:1:3: A key that is not a word.", "Write keys as `key: value`."],
  ],
  [
    "1: x\nchange: rename_column\ntable: app.orders\ncolumn: total\nto: x\n",
    ["change.yaml:1:1: A key that is not a word.", "Write keys as `key: value`."],
  ],
  [
    "%YAML 1.1\n---\nchange: rename_column\ntable: app.orders\ncolumn: total\nto: yes\n",
    [
      "change.yaml:1:1: The file asks for YAML 1.1, in which words such as yes and no are not text.",
      "Remove the %YAML line.",
    ],
  ],
  // YAML that hides what is meant
  [`${RENAME}to: &a x\n`, ["change.yaml:4:5: The anchor &a is not read here.", "Write the value itself."]],
  [`${RENAME}to: *a\n`, ["change.yaml:4:5: The alias *a is not read here.", "Write the value itself."]],
  [
    "<<: *x\nchange: rename_column\ntable: app.orders\ncolumn: total\nto: y\n",
    ["change.yaml:1:5: The alias *x is not read here.", "Write the value itself."],
  ],
  [
    "<<: {a: 1}\nchange: rename_column\ntable: app.orders\ncolumn: total\nto: y\n",
    [
      "change.yaml:1:1: `<<` is not a key of a change.",
      "The keys are change, table, column, to, allow, on_user_triggers and soak.",
    ],
  ],
  [`${RENAME}to: !foo x\n`, ["change.yaml:4:5: The tag !foo is not read here.", "Write the value itself."]],
  [
    `${RENAME}to: 'x\nsoak: 1h\n`,
    [
      "change.yaml:4:5: A quote is opened here and not closed.",
      "Close it with the same quote; inside of single quotes, write a quote twice.",
    ],
  ],
  [
    `${RENAME}to: "Amount".x\n`,
    [
      "change.yaml:4:13: The value goes on after its closing quote.",
      "Put the whole value in quotes: to: '\"Amount\".x'",
    ],
  ],
  [
    `${RENAME}to: @x\n`,
    ["change.yaml:4:5: A value in YAML cannot begin with @.", 'Put the whole value in quotes: to: "@x"'],
  ],
  [`${RENAME}to: amount\nto: sum\n`, ["change.yaml:5:1: `to` is given twice.", "Remove one of them."]],
  // keys
  [RENAME, ["change.yaml:1:1: `to` is missing; expected the column's new name.", "Add it, as in `to: amount`."]],
  [`${RENAME}too: amount\n`, ["change.yaml:4:1: `too` is not a key of a change.", "Did you mean `to`?"]],
  [`${RENAME}to: amount\nfill: 0\n`, ["change.yaml:5:1: `fill` does not belong to rename_column.", "Remove it."]],
  [
    `${RENAME}to: amount\nwhatever: 1\n`,
    [
      "change.yaml:5:1: `whatever` is not a key of a change.",
      "The keys are change, table, column, to, allow, on_user_triggers and soak.",
    ],
  ],
  [
    "change: rename_colum\ntable: app.orders\ncolumn: total\nto: x\n",
    [
      'change.yaml:1:9: `change` is "rename_colum"; expected rename_column, set_not_null or change_type.',
      "Did you mean `rename_column`?",
    ],
  ],
  [
    "table: app.orders\ncolumn: total\nto: x\n",
    [
      "change.yaml:1:1: `change` is missing; expected rename_column, set_not_null or change_type.",
      "Write it as in `change: rename_column`.",
    ],
  ],
  [
    "chang: rename_column\ntable: a.b.c\ncolumn: 1\nto: x\n",
    [
      "change.yaml:1:1: 3 mistakes in this change.",
      "change.yaml:1:1: `chang` is not a key of a change. Did you mean `change`?",
      "change.yaml:2:8: `table` is a.b.c, a name of 3 parts; expected schema.table. Leave out the database's name, and name the column under `column`.",
      "change.yaml:3:9: `column` is 1, a number; expected the column's name. If that is the name, put it in SQL's quotes, inside of YAML's: '\"1\"'.",
    ],
  ],
  [
    "change: change_types\ntable: t\ncolumn: c\nkind: bigint\nsoak: 5\n",
    [
      "change.yaml:1:9: 3 mistakes in this change.",
      'change.yaml:1:9: `change` is "change_types"; expected rename_column, set_not_null or change_type. Did you mean `change_type`?',
      "change.yaml:4:1: `kind` is not a key of a change. The keys are change, table, column, to, fill, type, using, reverse, fallback, allow, on_user_triggers and soak.",
      "change.yaml:5:7: `soak` is 5, a number; expected a duration. Write 5h, or another unit: s, m, h, d or w.",
    ],
  ],
  [`${NOT_NULL}to: x\n`, ["change.yaml:4:1: `to` does not belong to set_not_null.", "Remove it."]],
];

test.each(cases)("%j", (text, block) => {
  expect(blockOf(text)).toEqual(block);
});
