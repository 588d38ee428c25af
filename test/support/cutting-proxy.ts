/** A TCP proxy on loopback between a client and its server, that sees what the client sends and can cut them apart. */
import { connect, createServer, type Socket } from "node:net";

export type Cut = {
  /** the server process behind this connection */
  readonly pid: number;
  /** the message never reaches the server */
  before(): void;
  /** the server does it, and its answer never reaches the client */
  after(): void;
};

export type CuttingProxy = { readonly url: string; close(): void };

const QUERY = "Q".charCodeAt(0);
/** BackendKeyData: its type and its length; the process follows. Nothing else of a login looks like it. */
const KEY = Buffer.from(["K".charCodeAt(0), 0, 0, 0, 12]);

/**
 * `onQuery` is told of each simple query, and passes it on unless it cuts. `ownKeys`: tells the client of another process
 * than the server's, as poolers do.
 */
export async function cuttingProxy(
  url: string,
  onQuery: (text: string, cut: Cut) => void,
  { ownKeys = false }: { readonly ownKeys?: boolean } = {},
): Promise<CuttingProxy> {
  const target = new URL(url);
  const server = createServer((client: Socket) => {
    const upstream = connect(Number(target.port), target.hostname);
    const both = [client, upstream];
    // Or every answer waits for an acknowledgement.
    for (const one of both) one.setNoDelay(true);
    let begun = false;
    let deaf = false;
    let pid = 0;
    let rest: Buffer = Buffer.alloc(0);
    const pass = (message: Buffer) => {
      let cut = false;
      if (message[0] === QUERY) {
        onQuery(message.subarray(5, -1).toString(), {
          pid,
          before: () => {
            cut = true;
            for (const one of both) one.destroy();
          },
          after: () => {
            deaf = true;
          },
        });
      }
      if (!cut) upstream.write(message);
      // The server has the message, and does it whether or not anybody is there to be answered.
      if (deaf) client.destroy();
    };
    client.on("data", (data: Buffer) => {
      rest = Buffer.concat([rest, data]);
      // The first message has no type.
      for (let head = begun ? 1 : 0; rest.length >= head + 4; head = 1) {
        const end = rest.readInt32BE(head) + head;
        if (rest.length < end) return;
        const message = rest.subarray(0, end);
        rest = rest.subarray(end);
        if (begun) pass(message);
        else upstream.write(message);
        begun = true;
      }
    });
    upstream.on("data", (data: Buffer) => {
      const key = pid === 0 ? data.indexOf(KEY) : -1;
      if (key >= 0) pid = data.readInt32BE(key + KEY.length);
      if (deaf) return;
      // As poolers do: a process of its own making.
      if (key >= 0 && ownKeys) data.writeInt32BE(pid + 1, key + KEY.length);
      client.write(data);
    });
    for (const socket of both) {
      socket.on("error", () => undefined);
      // What was sent to the server stays sent: its side ends when the server ends it.
      socket.on("close", () => (deaf ? upstream.resume() : both.forEach((one) => void one.destroy())));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const own = new URL(url);
  own.hostname = "127.0.0.1";
  own.port = String(typeof address === "object" ? address?.port : 0);
  return { url: own.toString(), close: () => void server.close() };
}
