/**
 * Loaded into a changeover process before its program (`node --import`): ends or holds the process exactly before a
 * statement is sent, or exactly after its answer has come. Signals from outside could only come somewhere near.
 *
 * CHANGEOVER_TEST_HALT: JSON {app, text, nth, when, act}; app and text are regular expressions, for the end of the
 * session's application_name and for the statement with its white space folded.
 * CHANGEOVER_TEST_STATEMENTS: a file that takes a JSON line for each statement.
 */
import { appendFileSync } from "node:fs";
import pg from "pg";

const halt = JSON.parse(process.env.CHANGEOVER_TEST_HALT ?? "null");
const record = process.env.CHANGEOVER_TEST_STATEMENTS;
const send = pg.Client.prototype.query;
const clients = new WeakMap();
let numbered = 0;
let met = 0;

pg.Client.prototype.query = function query(...given) {
  const text = typeof given[0] === "string" ? given[0].replace(/\s+/g, " ").trim() : null;
  const app = String(this.connectionParameters?.application_name ?? "").replace(/^changeover ?/, "");
  if (text === null || app === "queue") return send.apply(this, given);
  if (record !== undefined) {
    if (!clients.has(this)) clients.set(this, ++numbered);
    appendFileSync(record, `${JSON.stringify({ client: clients.get(this), app, text })}\n`);
  }
  if (halt === null || !new RegExp(halt.app).test(app) || !new RegExp(halt.text, "i").test(text))
    return send.apply(this, given);
  met += 1;
  if (met !== (halt.nth ?? 1)) return send.apply(this, given);
  if (halt.when === "before") {
    const held = stop({ app, text });
    return held.then(() => send.apply(this, given));
  }
  return send.apply(this, given).then(async (result) => {
    await stop({ app, text });
    return result;
  });
};

/** Ends the process at once, or resolves when the test says so. */
function stop(point) {
  if (halt.act === "kill") process.kill(process.pid, "SIGKILL");
  // A signal that the test has sent before its message may still be on its way.
  const signalled = new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, resolve);
  });
  return new Promise((resolve) => {
    process.once("message", async ({ afterSignal }) => {
      if (afterSignal) await signalled;
      process.channel?.unref();
      resolve();
    });
    process.send({ halted: point });
  });
}
