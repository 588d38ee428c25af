/**
 * What helpers have to undo once a file's tests are over. Files of one project share a process and its modules (a process
 * for each cost 0.3 s of CPU more), so a hook at the top of a module would be the first file's alone; vitest
 * runs this setup file for every one.
 */
import { afterAll } from "vitest";
import { atFileEnd } from "./at-file-end.js";

afterAll(() => atFileEnd.run());
