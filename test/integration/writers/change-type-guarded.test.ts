/** A conversion that may fail, guarded both ways: to text, and back by a cast that not every text survives. */

import { test } from "vitest";
import { useWriters } from "../../support/writers/bench.js";
import { TYPE_GUARDED } from "../../support/writers/variant.js";
import { forwards } from "./flows.js";

const bench = useWriters(TYPE_GUARDED);

test("forwards, phase by phase, through the switch and the drop, everybody writes on", async () => {
  await forwards(await bench.scene());
});
