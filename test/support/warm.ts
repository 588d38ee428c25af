/**
 * The built command line in a process that stays: its modules are loaded once, not by every command, which is four fifths
 * of what a short one takes. One process runs one command at a time; several at once get a process each.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { atFileEnd } from "./at-file-end.js";

export type Ended = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type Command = {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
};

/** Ends what a command has printed, on both streams. */
const END = "\u0000end\u0000";

const idle: ChildProcess[] = [];

/** Runs one command to its end. `program`: URL of the built `cli/program.js`. */
export async function runWarm(program: string, command: Command): Promise<Ended> {
  const child = idle.pop() ?? (await start(program));
  const stdout = printed(child.stdout);
  const stderr = printed(child.stderr);
  const [[code]] = await Promise.all([
    once(child, "message") as Promise<[number]>,
    new Promise((sent) => child.send(command, sent)),
  ]);
  const ended = { code, stdout: await stdout, stderr: await stderr };
  idle.push(child);
  return ended;
}

async function start(program: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", SCRIPT, program], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  atFileEnd.add(() => {
    idle.splice(0);
    child.kill("SIGKILL");
  });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8");
  await once(child, "message");
  return child;
}

/** All that comes on the stream up to the end of the command. */
function printed(stream: ChildProcess["stdout"]): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const take = (more: string) => {
      text += more;
      if (!text.endsWith(END)) return;
      stream?.off("data", take);
      resolve(text.slice(0, -END.length));
    };
    stream?.on("data", take);
  });
}

const SCRIPT = `
  const { buildProgram } = await import(process.argv[1]);
  process.on("message", async ({ args, cwd, env }) => {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, env);
    process.chdir(cwd);
    const code = await buildProgram().run([process.execPath, "changeover", ...args]);
    for (const stream of [process.stdout, process.stderr])
      await new Promise((taken) => stream.write(${JSON.stringify(END)}, taken));
    process.send(code);
  });
  process.on("disconnect", () => process.exit());
  process.send("ready");
`;
