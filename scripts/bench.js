#!/usr/bin/env node
/** Runs the benchmark from its TypeScript as it stands: it is a tool of this repository, and no part of the package. */
import { createJiti } from "jiti";

const { main } = await createJiti(import.meta.url, { fsCache: false }).import("../bench/main.ts");
process.exit(await main(process.argv.slice(2)));
