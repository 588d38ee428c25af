/** Where a worker's metrics are served: flags over environment over the configuration file over nowhere. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Flags, loadConfig } from "../../../src/app/config.js";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "changeover-test-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const metrics = async (flags: Flags, env: Record<string, string>) => (await loadConfig(directory, env, flags)).metrics;

test("each is taken in its turn, and on the loopback alone unless it is said otherwise", async () => {
  expect(await metrics({}, {})).toBeNull();
  expect(await metrics({}, { CHANGEOVER_METRICS_PORT: "" })).toBeNull();
  expect(await metrics({ metricsHost: "0.0.0.0" }, {})).toBeNull();
  expect(await metrics({}, { CHANGEOVER_METRICS_PORT: "9464" })).toEqual({ host: "127.0.0.1", port: 9464 });
  expect(await metrics({ metricsPort: "0" }, { CHANGEOVER_METRICS_PORT: "9464" })).toEqual({
    host: "127.0.0.1",
    port: 0,
  });
  const config = JSON.stringify({ metricsPort: 9000, metricsHost: "::1" });
  await writeFile(join(directory, "changeover.config.json"), config);
  expect(await metrics({}, {})).toEqual({ host: "::1", port: 9000 });
  expect(await metrics({ metricsPort: "9001" }, { CHANGEOVER_METRICS_HOST: "10.0.0.7" })).toEqual({
    host: "10.0.0.7",
    port: 9001,
  });
});

test.each(["http", "70000", "-1", "94.64", "9464 "])("%j is no port", async (port) => {
  await expect(metrics({ metricsPort: port }, {})).rejects.toMatchObject({
    exitCode: 2,
    message: "--metrics-port is not a port.",
  });
});
