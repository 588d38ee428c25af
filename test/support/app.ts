/** The use cases, as the command line calls them: a folder of plans of its own, and a context for each command. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type AppContext, openContext } from "../../src/app/context.js";
import { type Emit, type Event, silent } from "../../src/events.js";
import { redisOfProject } from "./redis.js";

export type TestProject = {
  readonly directory: string;
  /** every event of every command so far */
  readonly events: Event[];
  /** Runs one command in a context of its own, as a process would. */
  run<T>(
    use: (app: AppContext) => Promise<T>,
    options?: { url?: string; signal?: AbortSignal; emit?: Emit },
  ): Promise<T>;
  /** `file`: another than change.yaml */
  writeChange(folder: string, text: string, file?: string): Promise<void>;
};

export function useProject(url: () => string): TestProject {
  let directory = "";
  const events: Event[] = [];
  // Not when the file is read: where its tests are passed over nothing is taken away again.
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "changeover-test-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));
  return {
    get directory() {
      return directory;
    },
    events,
    run: async (use, options = {}) => {
      const app = await openContext({
        directory,
        env: { DATABASE_URL: options.url ?? url(), CHANGEOVER_ACTOR: "tester", ...redisOfProject() },
        flags: {},
        emit: (event) => {
          events.push(event);
          (options.emit ?? silent)(event);
        },
        signal: options.signal ?? new AbortController().signal,
      });
      try {
        return await use(app);
      } finally {
        await app.close();
      }
    },
    writeChange: async (folder, text, file = "change.yaml") => {
      await mkdir(join(directory, "plans", folder), { recursive: true });
      await writeFile(join(directory, "plans", folder, file), text);
    },
  };
}
