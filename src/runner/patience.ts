/** How long to wait in the lock queue, and how long outside it after a failure. Values in, milliseconds out. */
import type { DdlPolicy } from "./context.js";

export type LockClass = {
  /** tables that the statement or transaction locks, partitions counted */
  readonly tables: number;
  /** what the revision's steps ask for; 0: nothing */
  readonly stepMs: number;
  readonly deadlockTimeoutMs: number;
  /** ordinary autovacuums are the only ones in the way, and have had their grace */
  readonly pushAutovacuum: boolean;
};

/**
 * On one table the step's own timeout, raised above deadlock_timeout where that makes the server cancel an autovacuum. On
 * several always well below deadlock_timeout: in a deadlock the session that has waited that long is the victim, and it
 * must be ours by lock_timeout, never the application's. Never 0: no strong lock is waited for without end.
 */
export function lockTimeout(policy: DdlPolicy, lock: LockClass): number {
  if (lock.tables > 1) {
    const wanted = lock.stepMs > 0 ? lock.stepMs : policy.severalTablesMs;
    return Math.max(1, Math.min(wanted, policy.severalTablesMs, Math.floor(lock.deadlockTimeoutMs * 0.8)));
  }
  const wanted = lock.stepMs > 0 ? lock.stepMs : policy.lockTimeoutMs;
  return lock.pushAutovacuum ? Math.max(wanted, lock.deadlockTimeoutMs + policy.autovacuumMarginMs) : wanted;
}

/**
 * The pause after the n-th failed attempt (from 1): several timeouts long, so that what queued behind us drains, plus a
 * random part ("full jitter") that doubles, so that two runners do not meet again.
 */
export function backoff(policy: DdlPolicy, attempt: number, lockTimeoutMs: number): number {
  const spread = Math.min(policy.backoffCapMs, policy.backoffBaseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(policy.backoffTimeouts * lockTimeoutMs + policy.random() * spread);
}

/** The smallest timeout that any of the steps asks for; 0: none asks. */
export function stepsTimeout(timeouts: readonly number[]): number {
  const asked = timeouts.filter((ms) => ms > 0);
  return asked.length === 0 ? 0 : Math.min(...asked);
}
