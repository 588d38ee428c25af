/** What the package gives to programs; `docs/library.md` shows it at work. */
export type { ConfigInput } from "./app/config-file.js";
export type { PlannedFile, PlanResult } from "./app/plan.js";
export type { StatusResult } from "./app/status.js";
export type { RunResult } from "./app/upgrade.js";
export type { WorkerPlan, WorkerResult } from "./app/worker-result.js";
export type {
  Change,
  ChangeKind,
  ChangeType,
  RenameColumn,
  RowTransform,
  SetNotNull,
  Transform,
} from "./change/change.js";
export { type ChangeInput, type CodeInput, defineChange } from "./change/define.js";
export type { TransformInput } from "./change/transform.js";
export type { ClientLike } from "./db/lent.js";
export type { ServerOptions } from "./db/pool.js";
export { ChangeoverError, type ErrorCode, EXIT_CODES, isChangeoverError } from "./errors.js";
export type { Event as ChangeoverEvent } from "./events.js";
export {
  type Confirmation,
  type ConfirmRelease,
  checkPlan,
  confirm,
  type DowngradeOptions,
  downgrade,
  type PlanOptions,
  plan,
  type StatusOptions,
  status,
  type UpgradeOptions,
  upgrade,
  type Verification,
  verify,
} from "./library/commands.js";
export { type LoggerLike, logTo } from "./library/logger.js";
export type { Clock, Connection, Options, Queue, Surroundings, Throttling, Waiting } from "./library/options.js";
export { assertReady, type ReadyOptions } from "./library/ready.js";
export { startWorker, type WorkerHandle, type WorkerOptions } from "./library/worker.js";
export type { Plan } from "./planner/plan.js";
export type { Phase, Revision } from "./revisions/revision.js";
export type { PlanReport, PlanState, StatusReport } from "./status/report.js";
