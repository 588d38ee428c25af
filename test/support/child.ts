/** A child process that runs a few lines of JavaScript, and what may be asked of it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

export type Child = {
  readonly process: ChildProcess;
  /** the first line on stdout that begins with `word`, without it */
  line(word: string): Promise<string>;
  /** exit code, or the name of the signal that ended it */
  ended(): Promise<number | string>;
};

export type ChildOptions = {
  readonly env?: NodeJS.ProcessEnv;
  /** as another user (only root can) */
  readonly uid?: number;
  /** leads a process group, which `process.kill(-pid)` then reaches as Ctrl-C in a terminal would */
  readonly leader?: boolean;
};

export function runScript(script: string, options: ChildOptions = {}): Child {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...options.env },
    detached: options.leader === true,
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid, cwd: "/" }),
  });
  const said: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => said.push(line));
  const end = once(child, "close").then(([code, signal]) => (signal ?? code) as number | string);
  return {
    process: child,
    line: async (word) => {
      const found = await until(() => said.find((line) => line.startsWith(word)) ?? false);
      return found.slice(word.length).trim();
    },
    ended: () => end,
  };
}

/** Is there such a process? One that has ended and only waits for its parent (in a container: for a slow init) is none. */
export function runs(pid: number): boolean {
  if (pid <= 0) throw new Error(`not a process: ${pid}`);
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) [ZX] /.test(readFileSync(stat, "utf8"));
}

/** Asks again and again until the answer is something; fails after `ms`. */
export async function until<T>(ask: () => T | Promise<T>, ms = 20_000): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== null && answer !== undefined)
      return answer as Exclude<T, false | null | undefined>;
    if (Date.now() > deadline) throw new Error(`it did not come true within ${ms} ms: ${ask}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
