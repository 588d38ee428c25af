/** What deploys changeover, held against the repository: the Dockerfile, what it is given to read, and docker-compose.yml. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const read = (file: string) => readFileSync(file, "utf8");
const engines = (JSON.parse(read("package.json")) as { engines: { node: string } }).engines.node;

describe("Dockerfile", () => {
  const lines = read("Dockerfile")
    .split("\n")
    .filter((line) => /^[A-Z]+ /.test(line))
    .map((line) => line.split(" "));
  const stages = lines.filter(([word]) => word === "FROM");

  test("is made of one slim Node that the package allows", () => {
    expect(new Set(stages.map(([, image]) => image))).toEqual(new Set(["node:22-slim"]));
    expect(engines).toBe(">=20.19");
    expect(stages.length).toBeGreaterThan(2);
  });

  test("copies what there is, and what .dockerignore lets through", () => {
    const let_ = read(".dockerignore")
      .split("\n")
      .flatMap((line) => (line.startsWith("!") ? [line.slice(1)] : []));
    expect(read(".dockerignore")).toMatch(/^\*$/m);
    const own = lines.filter(([word, first]) => word === "COPY" && first?.startsWith("--from=") !== true);
    const sources = own.flatMap(([, ...words]) => words.slice(0, -1));
    expect(new Set(sources)).toEqual(new Set(let_));
    for (const source of sources) expect(existsSync(source), source).toBe(true);
    // What is taken from another stage names one.
    const names = stages.map((words) => words[3]);
    for (const [, from] of lines.filter(([word, first]) => word === "COPY" && first?.startsWith("--from=")))
      expect(names).toContain(from?.slice("--from=".length));
  });

  test("runs the command as nobody in particular, without the packages of the tests", () => {
    const last = lines.slice(lines.findLastIndex(([word]) => word === "FROM")).map((words) => words.join(" "));
    expect(last).toContain("USER 1000:1000");
    expect(last).toContain('ENTRYPOINT ["changeover"]');
    expect(last).toContain("RUN ln -s /opt/changeover/dist/cli/main.js /usr/local/bin/changeover");
    expect(lines.map((words) => words.join(" "))).toContain("RUN npm ci --omit=dev --no-audit --no-fund");
  });
});

type Service = {
  readonly image: string;
  readonly command: readonly string[];
  readonly restart: string;
  readonly container_name?: string;
  readonly ports?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly depends_on: Readonly<Record<string, { readonly condition: string }>>;
};
type Compose = { readonly services: Readonly<Record<string, Service>> };

/** `docker compose config` needs no daemon. */
const compose = spawnSync("docker", ["compose", "version"], { stdio: "ignore" }).status === 0;

describe("docker-compose.yml", () => {
  const said: Compose = parse(read("docker-compose.yml"), { merge: true });

  test("runs upgrade head once, then as many workers as there shall be, beside healthy servers", () => {
    const { upgrade, worker } = said.services;
    expect(upgrade).toMatchObject({ command: ["upgrade", "head"], restart: "no" });
    expect(upgrade?.depends_on).toEqual({
      postgres: { condition: "service_healthy" },
      redis: { condition: "service_healthy" },
    });
    expect(worker).toMatchObject({ command: ["worker"], restart: "on-failure" });
    expect(worker?.depends_on).toEqual({
      ...upgrade?.depends_on,
      upgrade: { condition: "service_completed_successfully" },
    });
    for (const service of [upgrade, worker]) {
      expect(service?.environment).toMatchObject({
        DATABASE_URL: expect.stringContaining("@postgres:5432/postgres"),
        REDIS_URL: "redis://redis:6379",
      });
      for (const name of Object.keys(service?.depends_on ?? {})) expect(said.services).toHaveProperty(name);
    }
    // Either would keep a second one from starting.
    expect(worker).not.toHaveProperty("container_name");
    expect(worker).not.toHaveProperty("ports");
  });

  test("is what docker compose takes it for", (context) => {
    if (!compose) {
      process.stderr.write("SKIPPED: docker compose is not here, so docker-compose.yml was not given to it\n");
      return context.skip("docker compose is not here");
    }
    const { status, stdout, stderr } = spawnSync("docker", ["compose", "config", "--format", "json"], {
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    const resolved = JSON.parse(stdout) as Compose;
    expect(Object.keys(resolved.services).sort()).toEqual(["postgres", "redis", "upgrade", "worker"]);
    expect(resolved.services.worker?.command).toEqual(["worker"]);
  });
});
