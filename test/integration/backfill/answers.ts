/** A throttle that is asked until it answers as expected, with the answers it gave instead. */
import { afterEach } from "vitest";
import type { Declared } from "../../../src/backfill/throttle/declared.js";
import { Throttles } from "../../../src/backfill/throttle/throttle.js";
import { type Database, openDatabase } from "../../../src/db/pool.js";
import { silent } from "../../../src/events.js";
import { fillOf, until } from "./table.js";

export type Answers = (grade: "go" | "slower" | "wait", words?: string | RegExp, ms?: number) => Promise<void>;

const open: (() => Promise<void>)[] = [];

/** For the top of a test file: throttles and connections of a test are closed after it. */
export function closeAfterEach(): void {
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });
}

/** Of the fill of `app.t`. */
export function answersOf(db: Database, declared?: Declared): Answers {
  const throttles = new Throttles(db, silent, declared);
  open.push(() => throttles.close());
  const throttle = throttles.of(fillOf());
  return async (grade, words = "", ms = 20_000) => {
    let last = "";
    await until(
      async () => {
        const answer = await throttle.answer();
        last = `${answer.grade}, ${answer.reason}`;
        return answer.grade === grade && new RegExp(words).test(answer.reason ?? "");
      },
      `${grade} with ${words}`,
      ms,
    ).catch((error: Error) => Promise.reject(new Error(`${error.message}; it was ${last}`)));
  };
}

/** Connections of its own, as this role where one is named. */
export function connected(db: Database, role?: string): Database {
  const { config } = db;
  const url = new URL(config.url ?? "");
  if (role !== undefined) [url.username, url.password] = [role, "secret"];
  const own = openDatabase({ ...config, url: url.toString() });
  open.push(() => own.close());
  return own;
}

/** Makes an ordinary role, who may do with the journal and the schema `app` what an owner may, and see no more than that. */
export async function ordinaryRole(sql: (text: string) => Promise<unknown>, role: string): Promise<void> {
  await sql(`
    do $$ begin if to_regrole('${role}') is null then create role ${role} login password 'secret'; end if; end $$;
    grant all on schema changeover, app to ${role};
    grant all on all tables in schema changeover, app to ${role}`);
}
