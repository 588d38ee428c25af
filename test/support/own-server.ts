/**
 * A server for one test file, with settings of its own, and standbys of it. All of it is in the directory that the server's
 * keeper removes however this process ends; a standby whose directory is gone ends itself. Standbys are stopped at the
 * file's end, also when its tests have failed.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { beforeAll } from "vitest";
import { type EmbeddedServer, startEmbedded } from "../../src/db/embedded.js";
import { findAccount, findBinaries } from "../../src/db/embedded-package.js";
import { atFileEnd } from "./at-file-end.js";
import { PG_MAJOR } from "./database.js";

export type Standby = {
  /** a connection to it, to the maintenance database */
  connect(database?: string): Promise<pg.Client>;
  stop(): Promise<void>;
};

export type OwnServer = {
  /** connection URI of the maintenance database */
  readonly url: string;
  /** A connection to it as its superuser; closed at the file's end. */
  connect(database?: string): Promise<pg.Client>;
  /** A standby that streams from it, and calls itself so. */
  standby(name: string, settings?: Readonly<Record<string, string>>): Promise<Standby>;
};

/** To be called at the top of a test file: the server is there before its tests. */
export function useOwnServer(settings: Readonly<Record<string, string>>): OwnServer {
  let server: EmbeddedServer;
  const clients: pg.Client[] = [];
  const connectTo = async (port: number, database = "postgres") => {
    const url = new URL(server.url(database));
    url.port = String(port);
    const client = new pg.Client(url.toString());
    client.on("error", () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    server = await startEmbedded({ major: PG_MAJOR, settings: { fsync: "off", ...settings } });
    atFileEnd.add(() => server.stop());
    atFileEnd.add(() => Promise.all(clients.map((client) => client.end().catch(() => undefined))));
  });

  return {
    get url() {
      return server.url("postgres");
    },
    connect: (database) => connectTo(server.port, database),
    standby: async (name, own = {}) => {
      const data = join(server.directory, name);
      await copyInto(data, server, await connectTo(server.port));
      const port = await freePort();
      const { hostname, port: primary, password } = new URL(server.url("postgres"));
      const conninfo = `host=${hostname} port=${primary} user=postgres password=${password} application_name=${name}`;
      const lines = { primary_conninfo: conninfo, wal_receiver_status_interval: "1s", archive_mode: "off", ...own };
      const text = Object.entries(lines).map(([key, value]) => `${key} = '${value}'\n`);
      await asServer("sh", ["-c", 'cat >>"$1/postgresql.conf"; : >"$1/standby.signal"', "sh", data], text.join(""));
      const child = await start(data, port);
      const stop = () => end(child);
      atFileEnd.add(stop);
      return { connect: (database) => connectTo(port, database), stop };
    },
  };
}

/** A base backup, as pg_basebackup makes one (which the packages do not bring). */
async function copyInto(data: string, { directory }: EmbeddedServer, client: pg.Client): Promise<void> {
  const [begin, finish] =
    PG_MAJOR >= 15
      ? ["pg_backup_start('standby', true)", "pg_backup_stop(false)"]
      : ["pg_start_backup('standby', true, false)", "pg_stop_backup(false, false)"];
  await client.query(`select ${begin}`);
  // A file may go while it is copied; recovery puts right what is half there.
  await asServer("sh", [
    "-c",
    'cp -a "$1" "$2" 2>/dev/null; rm -f "$2"/postmaster.*',
    "sh",
    join(directory, "data"),
    data,
  ]);
  const { rows } = await client.query<{ labelfile: string }>(`select labelfile from ${finish}`);
  await asServer("sh", ["-c", 'cat >"$1/backup_label"', "sh", data], rows[0]?.labelfile ?? "");
}

/** As the user that PostgreSQL runs as. */
async function asServer(program: string, args: readonly string[], input = ""): Promise<void> {
  const running = promisify(execFile)(program, args, { cwd: "/", ...(await findAccount()) });
  running.child.stdin?.end(input);
  await running;
}

async function start(data: string, port: number): Promise<ChildProcess> {
  const program = join(await findBinaries(PG_MAJOR), "postgres");
  const child = spawn(program, ["-D", data, "-p", String(port)], {
    cwd: "/",
    stdio: ["ignore", "ignore", "pipe"],
    env: { PATH: process.env.PATH ?? "", LC_ALL: "C" },
    ...(await findAccount()),
  });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      said = (said + chunk).slice(-4_000);
      if (said.includes("ready to accept read-only connections")) resolve();
      if (said.includes("ready to accept read only connections")) resolve();
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`the standby did not start: ${said}`)));
  });
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGQUIT");
  await gone;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
