/** The same files under every run: a database is made once, and each run gets a copy of it. */
import type { Database } from "../src/db/pool.js";
import { ident } from "../src/sql/identifier.js";
import { sql } from "../src/sql/text.js";
import { type Bench, open } from "./bench.js";

/** The journal knows its database by name: what is copied from it has to have the same one. */
const WORK = "bench";
const SOURCE = "bench_source";

/**
 * Makes the source of copies, in place of the one before it. Its rows are frozen and its pages marked all-visible, so that
 * no run pays for hint bits that another one set.
 */
export async function makeSource(bench: Bench, build: (db: Database, url: string) => Promise<void>): Promise<void> {
  await drop(bench, SOURCE);
  await drop(bench, WORK);
  await bench.admin.run(sql`create database ${ident(WORK)}`);
  const db = open(bench.url(WORK));
  try {
    await build(db, bench.url(WORK));
    await db.run(sql`vacuum (freeze, analyze)`);
  } finally {
    await db.close();
  }
  await bench.admin.run(sql`alter database ${ident(WORK)} rename to ${ident(SOURCE)}`);
}

/** A fresh copy, with a checkpoint behind it: the first change of each page costs a full page image, in every run alike. */
export async function withCopy<T>(bench: Bench, use: (db: Database, url: string) => Promise<T>): Promise<T> {
  // Before 15 files were always copied; the way by the WAL, which is the default since, leaves the pages in the buffers.
  const strategy = bench.options.pg >= 15 ? sql`strategy file_copy` : sql``;
  await drop(bench, WORK);
  await bench.admin.run(sql`create database ${ident(WORK)} template ${ident(SOURCE)} ${strategy}`);
  const db = open(bench.url(WORK));
  try {
    return await use(db, bench.url(WORK));
  } finally {
    await db.close();
  }
}

async function drop(bench: Bench, name: string): Promise<void> {
  await bench.admin.run(sql`drop database if exists ${ident(name)} with (force)`);
}
