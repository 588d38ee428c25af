/** What a worker says of the Redis that it finds, and where it says that it is. */
import { describe, expect, test } from "vitest";
import { concernsOf, placeOf, wordsOf } from "../../../src/backfill/queue/redis-server.js";

const info = (version: string, policy: string) =>
  `# Server\r\nredis_version:${version}\r\nredis_mode:standalone\r\n# Memory\r\nmaxmemory_policy:${policy}\r\n`;

describe("concerns", () => {
  test.each(["6.2.0", "6.10.1", "7.0.15", "8.2.1", "255.255.255"])("none of version %s without eviction", (version) => {
    expect(concernsOf(info(version, "noeviction"))).toEqual([]);
  });

  test.each(["5.0.14", "6.0.16", "6.1.0", "4.0.9"])("version %s is too old", (version) => {
    expect(concernsOf(info(version, "noeviction"))).toEqual([
      `is version ${version}, and the queue is for 6.2 or newer`,
    ]);
  });

  test.each(["allkeys-lru", "volatile-ttl"])("eviction by %s", (policy) => {
    expect(concernsOf(info("7.2.4", policy))).toEqual([expect.stringContaining(`maxmemory-policy ${policy}`)]);
  });

  test("none where INFO says nothing, and of a Valkey, which is newer than the Redis that it names", () => {
    expect(concernsOf("")).toEqual([]);
    expect(concernsOf(`${info("7.2.4", "noeviction")}valkey_version:8.0.1\r\n`)).toEqual([]);
  });
});

test("a place has a host and a port, and nothing that opens it", () => {
  expect(placeOf("redis://me:s3cret@cache.internal/3")).toBe("cache.internal:6379");
  expect(placeOf("rediss://:s3cret@[::1]:7000?family=6")).toBe("[::1]:7000");
});

test("a name with several addresses fails with the words of each", () => {
  const errors = [new Error("connect ECONNREFUSED ::1:1"), new Error("connect ECONNREFUSED 127.0.0.1:1")];
  expect(wordsOf(new AggregateError(errors))).toBe("connect ECONNREFUSED ::1:1, connect ECONNREFUSED 127.0.0.1:1");
  expect(wordsOf("gone")).toBe("gone");
});
