import { setTimeout as after } from "node:timers/promises";

/** Resolves after `ms`, or at once when the signal is aborted; leaves no listener and no timer behind. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return;
  await after(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}

/**
 * For a loop that naps between two rounds and can be called. (AbortSignal.any would do, but every one that is made on a
 * signal that lives as long as the process leaves a little behind.)
 */
export class Bell {
  #wake: (() => void) | null = null;
  #rung = false;

  /** Ends the nap that is on, or else the next one. */
  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  async nap(ms: number): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = null;
    this.#rung = false;
  }
}

/** False: the work has not come to its end in time; it goes on. Rejects as it does. */
export async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  const late = Symbol("late");
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, ms, late);
  });
  try {
    return (await Promise.race([work, timeout])) !== late;
  } finally {
    clearTimeout(timer);
  }
}
