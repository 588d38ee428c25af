/** The signals' names, apart, for those who only read what people type. */
export const SIGNAL_NAMES = [
  "replica-lag",
  "slot-retention",
  "archiver",
  "waiting-sessions",
  "old-snapshot",
  "checkpoints",
  "dead-rows",
  "autovacuum",
  "connections",
] as const;
export type SignalName = (typeof SIGNAL_NAMES)[number];

/** The statement that somebody declares to be timed; there is one a project. */
export const CANARY = "canary";

/** As the names of queries that people declare have to look; those above are taken. */
export const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export const isTaken = (name: string): boolean => name === CANARY || (SIGNAL_NAMES as readonly string[]).includes(name);
