import type { Register } from "../command.js";
import { registerBackfill } from "./backfill.js";
import { registerConfirm } from "./confirm.js";
import { registerDemo } from "./demo.js";
import { registerDowngrade } from "./downgrade.js";
import { registerHistory } from "./history.js";
import { registerLinks } from "./links.js";
import { registerNew } from "./new.js";
import { registerPlan } from "./plan.js";
import { registerStatus } from "./status.js";
import { registerUpgrade } from "./upgrade.js";
import { registerVerify } from "./verify.js";
import { registerWorker } from "./worker.js";

/** In the order in which `--help` lists them: the way of a change. */
export const COMMANDS: readonly Register[] = [
  registerNew,
  registerPlan,
  registerUpgrade,
  registerWorker,
  registerVerify,
  registerConfirm,
  registerStatus,
  registerDowngrade,
  registerBackfill,
  registerHistory,
  registerLinks,
  registerDemo,
];
