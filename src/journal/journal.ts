/** The journal: what has happened, kept in the database that is being changed. */
export {
  addConfirmation,
  countPauses,
  type NewConfirmation,
  type NewEvent,
  openPlan,
  pausePlan,
  recordEvent,
  resumePlan,
} from "./plans.js";
export {
  type RevisionStanding,
  readableMeta,
  readJournal,
  readPulse,
  readRevisionText,
  readStandings,
} from "./read.js";
export {
  blockRevision,
  type Direction,
  finishRevision,
  removeRevision,
  reopenFill,
  startRevision,
  startUndo,
  stepDone,
  stepIntent,
} from "./transitions.js";
