/** A small HTTP server for metrics: `/metrics` and `/healthz`, and nothing else. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ChangeoverError } from "../errors.js";

export type Page = { readonly type: string; readonly text: string };

export type MetricsServer = {
  /** of the metrics, with the port that was taken */
  readonly url: string;
  /** Ends the server, and connections that are open. */
  close(): Promise<void>;
};

/** Throws `usage` where it cannot listen: a port that is taken, or an address that is not this host's. */
export async function serveMetrics(
  { host, port }: { readonly host: string; readonly port: number },
  metrics: () => Promise<Page>,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    answer(request, metrics).then(
      (found) => send(request, response, found),
      (error: unknown) => send(request, response, { status: 500, ...plain(`${error}\n`) }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(cannotListen(error, host, port)));
    server.listen({ host, port }, resolve);
  });
  const bound = server.address() as AddressInfo;
  // A worker does not live for its metrics.
  server.unref();
  return {
    url: `http://${bound.family === "IPv6" ? `[${bound.address}]` : bound.address}:${bound.port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Answer = Page & { readonly status: number };

const plain = (text: string): Page => ({ type: "text/plain; charset=utf-8", text });

async function answer({ method, url }: IncomingMessage, metrics: () => Promise<Page>): Promise<Answer> {
  const path = (url ?? "/").split("?", 1)[0];
  if (method !== "GET" && method !== "HEAD") return { status: 405, ...plain("Only GET.\n") };
  // The process lives: that the database is away is nothing to restart it for.
  if (path === "/healthz") return { status: 200, ...plain("ok\n") };
  if (path === "/metrics") return { status: 200, ...(await metrics()) };
  return { status: 404, ...plain("There is /metrics and /healthz.\n") };
}

function send({ method }: IncomingMessage, response: ServerResponse, { status, type, text }: Answer): void {
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
  });
  response.end(method === "HEAD" ? undefined : text);
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): ChangeoverError {
  const why =
    error.code === "EADDRINUSE"
      ? "the port is taken"
      : error.code === "EACCES"
        ? "this user may not listen there"
        : error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND"
          ? "this host has no such address"
          : error.message;
  return new ChangeoverError("usage", `No metrics can be served at ${host}:${port}: ${why}.`, {
    hint: "Give another --metrics-port (0 takes any that is free) or --metrics-host, or end what listens there.",
    cause: error,
  });
}
