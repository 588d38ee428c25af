/** What people get to read, each bad file with the whole block that answers it: names, lists, choices and durations. */
import { beforeAll, expect, test } from "vitest";
import { loadParser } from "../../../src/sql/expression.js";
import { type BadFile, blockOf, RENAME } from "./block.js";

beforeAll(loadParser);

const cases: readonly BadFile[] = [
  // names
  [
    `${RENAME}to: null\n`,
    [
      "change.yaml:4:5: `to` is null, which is no value; expected the column's new name.",
      "Write it as in `to: amount`.",
    ],
  ],
  [
    `${RENAME}to:\n`,
    ["change.yaml:4:4: `to` is empty; expected the column's new name.", "Write it as in `to: amount`."],
  ],
  [
    `${RENAME}to: 1\n`,
    [
      "change.yaml:4:5: `to` is 1, a number; expected the column's new name.",
      "If that is the name, put it in SQL's quotes, inside of YAML's: '\"1\"'.",
    ],
  ],
  [
    `${RENAME}to: true\n`,
    [
      "change.yaml:4:5: `to` is true, a boolean; expected the column's new name.",
      "If that is the name, put it in SQL's quotes, inside of YAML's: '\"true\"'.",
    ],
  ],
  [
    `${RENAME}to: [amount]\n`,
    ["change.yaml:4:5: `to` is a list; expected the column's new name.", "Write it as in `to: amount`."],
  ],
  [
    `${RENAME}to: {a: 1}\n`,
    ["change.yaml:4:5: `to` is a map; expected the column's new name.", "Write it as in `to: amount`."],
  ],
  [`${RENAME}to: ''\n`, ["change.yaml:4:5: `to` is empty; expected a name.", "Write the name."]],
  [`${RENAME}to: total\n`, ["change.yaml:4:5: `to` is total, the name that the column has.", "Write its new name."]],
  [`${RENAME}to: TOTAL\n`, ["change.yaml:4:5: `to` is total, the name that the column has.", "Write its new name."]],
  [
    `${RENAME}to: "Total"\n`,
    [
      "change.yaml:4:5: `to` is \"Total\" in YAML's quotes, which are not SQL's: does the name have capitals, or not?",
      "Write '\"Total\"' to keep them, or total.",
    ],
  ],
  [
    `${RENAME}to: 'x."Y".Z'\n`,
    ['change.yaml:4:5: `to` is x."Y".Z, a name of 3 parts; expected a column\'s name alone.', "Write z."],
  ],
  [
    `${RENAME}to: a b\n`,
    [
      'change.yaml:4:5: `to` is "a b", which is not a name in SQL.',
      "If that is the name, put it in SQL's quotes, inside of YAML's: '\"a b\"'.",
    ],
  ],
  [
    `${RENAME}to: 1st\n`,
    [
      'change.yaml:4:5: `to` is "1st", which is not a name in SQL.',
      "If that is the name, put it in SQL's quotes, inside of YAML's: '\"1st\"'.",
    ],
  ],
  [
    `${RENAME}to: a.b\n`,
    [
      "change.yaml:4:5: `to` is a.b, a name of 2 parts; expected a column's name alone.",
      "Write b, or '\"a.b\"' if the dot is part of the name.",
    ],
  ],
  [
    `${RENAME}to: '"a'\n`,
    [
      'change.yaml:4:5: `to` is "\\"a", which is not a name in SQL.',
      'Close each quote that is opened, and double a " that is part of the name.',
    ],
  ],
  [
    `${RENAME}to: "a\\0b"\n`,
    [
      'change.yaml:4:5: `to` is "a\\u0000b", which is not a name in SQL.',
      "Leave out the character that no name can hold.",
    ],
  ],
  [
    `${RENAME}to: éééééééééééééééééééééééééééééééé\n`,
    [
      'change.yaml:4:5: `to` is too long: "éééééééééééééééééééééééééééééééé" has 64 bytes, and PostgreSQL keeps 63 of a name.',
      "Write a shorter name.",
    ],
  ],
  [
    "change: rename_column\ntable: App Orders\ncolumn: total\nto: x\n",
    [
      'change.yaml:2:8: `table` is "App Orders", which is not a name in SQL.',
      "If that is the name, put it in SQL's quotes, inside of YAML's: '\"App Orders\"'.",
    ],
  ],
  [
    "change: rename_column\ntable: App Orders.x\ncolumn: total\nto: x\n",
    [
      'change.yaml:2:8: `table` is "App Orders.x", which is not a name in SQL.',
      "If that is the name, put it in SQL's quotes, inside of YAML's: '\"App Orders\".\"x\"'.",
    ],
  ],
  [
    "change: rename_column\ntable: db.app.orders\ncolumn: total\nto: x\n",
    [
      "change.yaml:2:8: `table` is db.app.orders, a name of 3 parts; expected schema.table.",
      "Leave out the database's name, and name the column under `column`.",
    ],
  ],
  // lists, choices and durations
  [
    `${RENAME}to: amount\nallow: explicit-nul\n`,
    ['change.yaml:5:8: `allow` is "explicit-nul"; expected a list of hazards.', "Write `allow: [explicit-null]`."],
  ],
  [
    `${RENAME}to: amount\nallow: [explicit-nul, column-order, 7]\n`,
    [
      "change.yaml:5:9: 2 mistakes in this change.",
      'change.yaml:5:9: `allow` holds "explicit-nul", which is not the name of a hazard. Did you mean `explicit-null`?',
      "change.yaml:5:37: `allow` holds 7, a number, which is not the name of a hazard. The hazards are column-order, prepared-statements, positional-copy, int4-parameters, identity-sequence, client-type-change, functions-by-type, lossy-cast, fallible-index, session-dependent, explicit-null, unique-twin-upsert, functions-by-name, published-table and fill-may-be-null.",
    ],
  ],
  [
    `${RENAME}to: amount\nallow:\n  - everything\n`,
    [
      'change.yaml:6:5: `allow` holds "everything", which is not the name of a hazard.',
      "The hazards are column-order, prepared-statements, positional-copy, int4-parameters, identity-sequence, client-type-change, functions-by-type, lossy-cast, fallible-index, session-dependent, explicit-null, unique-twin-upsert, functions-by-name, published-table and fill-may-be-null.",
    ],
  ],
  [
    `${RENAME}to: amount\non_user_triggers: byepass\n`,
    ['change.yaml:5:19: `on_user_triggers` is "byepass"; expected refuse, fire or bypass.', "Did you mean `bypass`?"],
  ],
  [
    `${RENAME}to: amount\non_user_triggers: false\n`,
    [
      "change.yaml:5:19: `on_user_triggers` is false, a boolean; expected refuse, fire or bypass.",
      "Write it as in `on_user_triggers: refuse`.",
    ],
  ],
  [
    `${RENAME}to: amount\nsoak: 24\n`,
    ["change.yaml:5:7: `soak` is 24, a number; expected a duration.", "Write 24h, or another unit: s, m, h, d or w."],
  ],
  [
    `${RENAME}to: amount\nsoak: '24'\n`,
    [
      "change.yaml:5:7: `soak` is 24, without a unit; expected a duration.",
      "Write 24h, or another unit: s, m, h, d or w.",
    ],
  ],
  [
    `${RENAME}to: amount\nsoak: 24 hours\n`,
    [
      'change.yaml:5:7: `soak` is "24 hours"; expected a duration.',
      "Write numbers with units s, m, h, d or w, such as 24h, 30m, 1d12h or 0s.",
    ],
  ],
  [
    `${RENAME}to: amount\nsoak: -1h\n`,
    [
      'change.yaml:5:7: `soak` is "-1h"; expected a duration.',
      "Write numbers with units s, m, h, d or w, such as 24h, 30m, 1d12h or 0s.",
    ],
  ],
  [`${RENAME}to: amount\nsoak: 0.5s\n`, ["change.yaml:5:7: `soak` is 0.5s, which is not whole seconds.", "Round it."]],
  [
    `${RENAME}to: amount\nsoak: 900d\n`,
    ["change.yaml:5:7: `soak` is 900d, longer than 366 days.", "Write a shorter duration."],
  ],
  [
    `${RENAME}to: amount\nsoak:\n`,
    ["change.yaml:5:6: `soak` is empty; expected a duration.", "Write it as in `soak: 24h`."],
  ],
];

test.each(cases)("%j", (text, block) => {
  expect(blockOf(text)).toEqual(block);
});
