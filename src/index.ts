/** What the package gives to programs: its errors, and the shapes of what its commands print with `--json`. */
export type { Change, ChangeKind, RenameColumn, SetNotNull } from "./change/change.js";
export { ChangeoverError, type ErrorCode, EXIT_CODES } from "./errors.js";
export type { Plan } from "./planner/plan.js";
export type { Revision } from "./revisions/revision.js";
export type { PlanReport, PlanState, StatusReport } from "./status/report.js";
