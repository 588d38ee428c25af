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

export const isSignalName = (name: string): name is SignalName => (SIGNAL_NAMES as readonly string[]).includes(name);
