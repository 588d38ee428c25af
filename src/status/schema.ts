/** What `status` says, as a shape: the one source of the type, of the JSON that is printed and of its published schema. */
import { z } from "zod";
import { GATE_KINDS, PHASES } from "../revisions/revision.js";
import { backfill, time, verification } from "./schema-backfill.js";

export const PLAN_STATES = ["planned", "running", "waiting", "blocked", "paused", "done", "undone"] as const;
export const REVISION_STATES = ["pending", "running", "blocked", "done", "undoing"] as const;

const ref = {
  id: z.string().describe("the revision's id: 12 hex digits"),
  plan: z.string().nullable().describe("slug of its plan; null: written by hand"),
  name: z.string().describe("its name in the plan, e.g. fill"),
  title: z.string().describe("what it does, in one line"),
};
const state = z
  .enum(REVISION_STATES)
  .describe(
    "pending: not begun; running: a runner has it, or died with it and the next one takes it up; blocked: it stopped for a reason someone has to see; done: applied; undoing: its downgrade has begun",
  );
const phase = z.enum(PHASES);
const refWithState = z.strictObject({ ...ref, state });

const revision = z.strictObject({
  id: ref.id,
  name: ref.name,
  title: ref.title,
  lane: z.enum(["trunk", "tail"]).describe("trunk: every deploy runs it; tail: it branches off and runs later"),
  phase: phase.nullable().describe("its phase"),
  runner: z.enum(["transactional", "autocommit", "backfill"]).describe("how it is executed"),
  state,
  startedAt: time("when it began").nullable(),
  finishedAt: time("when it was done").nullable(),
  error: z.string().nullable().describe("why it is blocked; null: it is not"),
});

const condition = z.strictObject({
  kind: z.enum(GATE_KINDS as [(typeof GATE_KINDS)[number]]).describe("the condition's name, as --despite takes it"),
  met: z.boolean().describe("the evidence says so"),
  overridden: z
    .strictObject({
      by: z.string().describe("who opened it"),
      at: time("when it was opened"),
      reason: z.string().nullable().describe("why, as given with the confirm"),
    })
    .nullable()
    .describe("an unmet condition that someone has opened by hand; null: nobody, or no need"),
  evidence: z.string().describe("one sentence, with figures and times"),
  hint: z.string().nullable().describe("what to do about it, or what to wait for; null: nothing"),
  command: z
    .string()
    .nullable()
    .describe("the command that does it; what has to be true before it stands behind a #; null: there is none"),
});
const gate = {
  open: z.boolean().describe("every condition is met or overridden"),
  conditions: z.array(condition).describe("all of them, with their evidence"),
};

const code = (whose: string) =>
  z
    .strictObject({
      allowed: z.boolean().describe("it may run now"),
      reason: z.string().describe("why, or why not"),
    })
    .describe(`may ${whose} application code run now?`);

const undo = z
  .strictObject({
    command: z.string().nullable().describe("takes the whole plan back; null: nothing to undo, or no way back"),
    cost: z.string().nullable().describe("what that does and takes, in a sentence or two"),
    gate: z.strictObject(gate).nullable().describe("what must be true before it starts; null: nothing"),
    readiness: z
      .string()
      .nullable()
      .describe("rows for which an undo of the switch would fail, as the last verify counted them; null: none"),
    pointOfNoReturn: z
      .strictObject({
        revision: z.string().describe("name of the revision after which there is no way back"),
        reason: z.string().describe("why there is none"),
        passed: z.boolean().describe("it has been begun or applied"),
      })
      .nullable()
      .describe("null: every revision of the plan can be undone"),
  })
  .describe("the way back");

const plan = z.strictObject({
  plan: z.string().describe("the plan's slug"),
  folder: z.string().nullable().describe("its folder, e.g. 0004-orders-total; null: known from the journal alone"),
  change: z.string().describe("the declared change in one line"),
  table: z.string().describe("the table, with its schema, quoted where SQL needs it"),
  phase: phase
    .nullable()
    .describe(
      "where the plan stands: the last phase, in the order that is safe, of which a revision has begun; null: none has",
    ),
  state: z
    .enum(PLAN_STATES)
    .describe(
      "planned: nothing has run; running: under way, a worker or an upgrade moves it on; waiting: at the gate of a contract revision; blocked: by a lock, by failed rows, by triggers of ours that somebody altered, or by a file that cannot be read; paused: by a person, or outside of its windows; done: all of it is applied; undone: all of it was taken back",
    ),
  revisions: z.array(revision).describe("in the order in which they run"),
  backfill: backfill.nullable().describe("null: the plan fills no rows"),
  verification: verification.nullable().describe("the last one, or the one that runs; null: there was none"),
  gates: z
    .array(z.strictObject({ revision: z.string().describe("name of the revision behind it"), ...gate }))
    .describe("one for each contract revision that has not been applied"),
  deploy: z
    .strictObject({ oldCode: code("old"), newCode: code("new") })
    .describe("which application code may run at this point"),
  undo,
  why: z.string().nullable().describe("why it stands still; null: it does not, or it is done"),
  next: z
    .string()
    .nullable()
    .describe("the command that moves it on; what has to be true before it stands behind a #; null: nothing to run"),
});

const blocker = z.strictObject({
  kind: z
    .enum(["session", "prepared", "autovacuum", "wraparound"])
    .describe("session: a client's; prepared: a transaction without a process; wraparound: an autovacuum that stays"),
  pid: z.number().int().nullable().describe("its server process; null: a prepared transaction has none"),
  gid: z.string().nullable().describe("the prepared transaction's name; null: it is none"),
  role: z.string().nullable().describe("whose session it is"),
  application: z.string().describe("its application_name"),
  state: z.string().nullable().describe("as in pg_stat_activity; null: none, or not shown to this role"),
  transactionSince: time("when its transaction began").nullable(),
  query: z.string().describe("the first of its last statement, in one line; empty: none, or not shown to this role"),
  modes: z
    .array(z.string())
    .describe("its locks on what is waited for, as in pg_locks; none: its transaction or a row is"),
  tables: z.array(z.string()).describe("the tables of these locks"),
});

const runner = z.strictObject({
  lock: z.string().describe("what nobody else can run meanwhile: trunk, or plan: and a slug"),
  holder: z.string().nullable().describe("who runs it, and as which process of their host; null: not said yet"),
  pid: z.number().int().describe("server process of the session that holds the lock"),
  application: z.string().describe("that session's application_name"),
  since: time("when it got the lock").nullable(),
  plan: z.string().nullable().describe("the plan that it is at, or comes to next; null: none"),
  revision: z.string().nullable().describe("id of the revision that it is at now; null: no statement of one runs"),
  step: z.string().nullable().describe("name of the step; null: between two, or not to be told"),
  doing: z.string().describe("what it does now, in words"),
  progress: z
    .strictObject({
      phase: z.string().describe("as in pg_stat_progress_create_index"),
      fraction: z.number().min(0).max(1).nullable().describe("of this phase; null: not to be told"),
      counts: z
        .strictObject({
          of: z.enum(["blocks", "tuples", "lockers"]).describe("lockers: transactions that it waits for"),
          done: z.number().nonnegative().describe("so many of them"),
          total: z.number().nonnegative().describe("in all"),
        })
        .nullable()
        .describe("what the fraction counts; null: nothing to count"),
    })
    .nullable()
    .describe("of an index build; null: none runs"),
  runningSeconds: z
    .number()
    .nonnegative()
    .nullable()
    .describe("of its statement; null: none runs, or not shown to this role"),
  wait: z
    .strictObject({
      since: time("when it began to wait for this lock").nullable(),
      why: z.string().describe("for whom, in one sentence"),
      blockers: z.array(blocker).describe("who is in the way, the oldest transaction first"),
      remedy: z.string().nullable().describe("what a person can do about it, if they so decide; null: wait"),
    })
    .nullable()
    .describe("null: nobody is in its way"),
});

export const statusReportSchema = z.strictObject({
  format: z.literal(1).describe("raised when a field changes its meaning or goes"),
  at: time("the moment that all of this speaks of"),
  journal: z.boolean().describe("false: no journal in this database yet, so nothing has run"),
  plans: z.array(plan).describe("in the order in which they run"),
  declared: z
    .array(
      z.strictObject({
        plan: ref.plan.unwrap().describe("the plan's slug"),
        file: z.string().describe("its change.yaml"),
        next: z.string().describe("the command that makes its revisions"),
      }),
    )
    .describe("plans of the folder that have no revisions yet"),
  problems: z
    .array(
      z.strictObject({
        file: z.string().describe("the file, with the line where one is known"),
        plan: z.string().nullable().describe("slug of its plan; null: none"),
        revision: z.string().nullable().describe("its revision's id; null: unknown"),
        message: z.string().describe("what is wrong with it"),
        hint: z.string().describe("what to do about it"),
        command: z.string().nullable().describe("the command that does it; null: there is none"),
      }),
    )
    .describe("files that cannot be read, and files that are not what was applied: no upgrade runs while there is one"),
  runners: z.array(runner).describe("who is at work at that moment, by the server's live views"),
  trunk: z
    .strictObject({
      heads: z.array(refWithState).describe("ends of the trunk in this folder; more than one: merge or rebase"),
      pending: z.array(refWithState).describe("trunk revisions that upgrade head would run, in order"),
      unknown: z.array(refWithState).describe("applied here, but not in this folder: it is older than the database"),
      note: z.string().nullable().describe("what unknown revisions may mean; null: there are none"),
    })
    .describe("the revisions that every deploy runs"),
});

export type StatusReport = z.infer<typeof statusReportSchema>;
export type PlanReport = StatusReport["plans"][number];
export type PlanState = PlanReport["state"];
export type RunnerJson = StatusReport["runners"][number];
export type GateJson = Omit<PlanReport["gates"][number], "revision">;

/** JSON Schema (draft 2020-12) of `status --json`. */
export function statusJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(statusReportSchema, { target: "draft-2020-12" }) as Record<string, unknown>;
}
