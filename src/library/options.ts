/** What every function of the library takes. Nothing is read from the environment, nor from a configuration file. */
import type { ThrottleInput } from "../app/throttle.js";
import type { ServerOptions } from "../db/pool.js";
import type { Event } from "../events.js";

/** The database being changed: by URI, or as `pg` is told of a server. A session of a transaction-mode pooler will not do. */
export type Connection =
  | {
      /** `postgres://user:password@host:5432/database` */
      readonly databaseUrl: string;
      readonly server?: never;
    }
  | {
      readonly databaseUrl?: never;
      /** what is left out comes from PGUSER, PGPASSWORD and their like, as in `pg`; the host never does */
      readonly server: ServerOptions;
    };

export type Surroundings = {
  /** what relative paths start from; default: the process's working directory */
  readonly directory?: string;
  /** the folder of plans; default `plans` (which may then be missing) below `directory` */
  readonly plans?: string;
  /** who is doing this, as the journal keeps it; default `user@host` */
  readonly actor?: string;
  /**
   * Called with everything that happens, in order; default: nobody is told. It must be quick, and what it throws is dropped:
   * a change is not left half-done because a log is full. `logTo(pino)` makes one.
   */
  readonly onEvent?: (event: Event) => void;
  /** aborted: what runs is ended in order, and the call rejects with the code `interrupted` */
  readonly signal?: AbortSignal;
  /**
   * By which this process measures how long it tries and waits (`lockWaitMs`, `deadlineMs`, a worker's pauses before it tries
   * again); default `performance.now()`. Nothing else goes by it: sightings, soak, confirmations and leases, all that a gate
   * opens on, go by the server's clock, so that no host with a wrong time can open one. Pauses themselves take real time.
   */
  readonly clock?: Clock;
};

export type Clock = {
  /** milliseconds, from any beginning; it must never go back */
  now(): number;
};

/** For a worker: how workers wake each other. */
export type Queue = {
  /** `redis://` or `rediss://`; default: a queue in the database itself. REDIS_URL is not read */
  readonly redisUrl?: string;
};

/** For what fills rows: what it goes by beside the server's own signals; docs/throttle.md. */
export type Throttling = {
  /** as `throttle` of the configuration file, which is not read */
  readonly throttle?: ThrottleInput;
};

/** `Connection` and `Surroundings`. */
export type Options = Connection & Surroundings;

export type Waiting = {
  /** milliseconds to wait for another runner, then the code `lock`; default 10 minutes */
  readonly lockWaitMs?: number;
  /** milliseconds to try for a table's lock before the revision is parked, then the code `blocked`; default 30 minutes */
  readonly deadlineMs?: number;
};
