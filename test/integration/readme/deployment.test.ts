/** The page on deployment: its YAML is complete, and its commands, in their order, bring a change to its end. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { type Checkout, checkout } from "../../support/cli.js";
import { useDatabase } from "../../support/database.js";
import { blocksOf } from "../../support/docs.js";

const PAGE = "docs/deployment.md";
const tables = `
  create schema app;
  create table app.orders (id bigint primary key, total integer not null, note text);
  insert into app.orders select n, n, 'note ' || n from generate_series(1, 2000) n;`;
const [ci, cluster] = [useDatabase(tables), useDatabase(tables)];

let made: Checkout;
beforeAll(async () => {
  made = await checkout(() => ci.url);
  // The README's change, which the page refers to.
  const change = (await blocksOf("README.md", "A rollout")).find(({ language }) => language === "yaml");
  await made.write("plans/0001-orders-total/change.yaml", change?.text ?? "");
  await made.ok(["plan", "orders-total", "--write"]);
});

const columns = `select string_agg(attname, ' ' order by attname) as names from pg_attribute
  where attrelid = 'app.orders'::regclass and attnum > 0 and not attisdropped`;

/** Every document of every YAML block below the heading; one that does not parse fails the test. */
async function documents<T>(heading: string): Promise<T[]> {
  const blocks = (await blocksOf(PAGE, heading)).filter(({ language }) => language === "yaml");
  const parsed = blocks.flatMap(({ text }) => parseAllDocuments(text));
  for (const document of parsed) expect([...document.errors, ...document.warnings]).toEqual([]);
  return parsed.map((document) => document.toJS() as T);
}

/** What somebody may want in between: the page says when. */
async function namedInProse(): Promise<string[]> {
  const prose = (await readFile(PAGE, "utf8")).replace(/^```.*?^```$/gms, "");
  const commands = [...prose.matchAll(/`(changeover [^`]*)`/g)].map(([, command = ""]) => command);
  expect(commands.map((command) => command.split(" ").slice(1, 3).join(" ")).sort()).toEqual([
    "backfill pause",
    "backfill resume",
    "backfill set",
    "backfill set",
    "downgrade orders-total@base",
    "history --events",
    "plan orders-total",
    "status",
  ]);
  return commands.sort();
}

test("the pipeline, step by step", { timeout: 120_000 }, async () => {
  const pages = await documents<{ steps: { name: string; run: string }[] }>("In any CI");
  const steps = pages.flatMap((page) => page.steps.map(({ run }) => run));
  expect(steps.filter((run) => !run.startsWith("changeover "))).toEqual(["./deploy v1", "./deploy v2", "./deploy v3"]);
  const [check = "", upgrade = "", ...others] = steps.filter((run) => run.startsWith("changeover "));
  expect(others).toHaveLength(6);
  for (const run of [check, upgrade, ...(await namedInProse()), upgrade, ...others]) {
    // No quotes and nothing else that a shell would read.
    expect(run).toMatch(/^changeover(?: [\w@=:-]+)+$/);
    await made.ok(run.split(" ").slice(1));
  }
  expect(await ci.sql(columns)).toEqual([{ names: "amount id note" }]);
});

type Container = { image: string; args?: string[]; envFrom?: { secretRef: { name: string } }[] };
type Resource = {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  stringData?: Record<string, string>;
  spec?: {
    selector?: { matchLabels: Record<string, string> };
    template: {
      metadata: { labels: Record<string, string> };
      spec: { restartPolicy?: string; initContainers?: Container[]; containers: Container[] };
    };
  };
};

const OURS = /\/shop-changeover:[0-9a-f]{7}$/;
const containersOf = ({ spec }: Resource) => [
  ...(spec?.template.spec.initContainers ?? []),
  ...(spec?.template.spec.containers ?? []),
];

test("each resource is whole", async () => {
  const resources = await documents<Resource>("On Kubernetes");
  expect(resources.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
    "v1 Secret",
    "batch/v1 Job",
    "apps/v1 Deployment",
    "apps/v1 Deployment",
    "batch/v1 Job",
    "batch/v1 Job",
  ]);
  const secrets = resources.flatMap(({ kind, metadata }) => (kind === "Secret" ? [metadata.name] : []));
  for (const resource of resources.filter(({ spec }) => spec !== undefined)) {
    expect(resource.metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
    const { selector, template } = resource.spec ?? {};
    if (resource.kind === "Job") expect(template?.spec.restartPolicy).toBe("Never");
    else expect(template?.metadata.labels).toMatchObject(selector?.matchLabels ?? { none: "none" });
    for (const { image, envFrom } of containersOf(resource)) {
      if (!OURS.test(image)) continue;
      expect(envFrom?.map(({ secretRef }) => secretRef.name)).toEqual(secrets);
      expect(JSON.stringify(resource)).toContain('"runAsNonRoot":true');
    }
  }
});

test("what the containers run, in the order of the page", { timeout: 120_000 }, async () => {
  const runs = (await documents<Resource>("On Kubernetes"))
    .flatMap(containersOf)
    .flatMap(({ image, args }) => (OURS.test(image) ? [args ?? []] : []));
  expect(runs.map(([command]) => command)).toEqual(["upgrade", "worker", "status", "confirm", "upgrade"]);
  const url = cluster.url;
  const main = [resolve("dist/cli/main.js"), "worker"];
  const env = { PATH: process.env.PATH ?? "", DATABASE_URL: url };
  let worker: ChildProcess | null = null;
  try {
    for (const args of runs) {
      if (args[0] === "worker") worker = spawn(process.execPath, main, { cwd: made.directory, env, stdio: "ignore" });
      // An init container that ends with "not there yet" is started again.
      else if (args[0] === "status") while ((await made.run(args, { url })).code === 3);
      // The worker verifies after the backfill: nobody confirms so soon but a test. A Job that failed is started again.
      else if (args.includes("orders-total@head")) while ((await made.run(args, { url })).code === 7);
      else await made.ok(args, { url });
    }
    if (worker === null) throw new Error("the page starts no worker");
    worker.kill("SIGTERM");
    expect(await once(worker, "close")).toEqual([0, null]);
  } finally {
    worker?.kill("SIGKILL");
  }
  expect(await cluster.sql(columns)).toEqual([{ names: "amount id note" }]);
});
