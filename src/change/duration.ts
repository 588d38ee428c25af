import parse from "parse-duration";
import type { Problem } from "./mistake.js";

const DURATION = /^(?:\d+(?:\.\d+)?(?:s|m|h|d|w)(?:[ ]?(?=\d)|$))+$/;
const LONGEST_DAYS = 366;

/** Seconds of `24h`, `30m`, `1d 12h`, `0s`. Every number needs its unit: what `24` means is not for us to guess. */
export function readDuration(text: string): number | Problem {
  const bare = text.trim();
  const seconds = DURATION.test(bare) ? parse(bare, "s") : null;
  if (seconds === null) {
    const number = /^\d+(?:\.\d+)?$/.test(bare);
    return {
      message: number
        ? `is ${bare}, without a unit; expected a duration.`
        : `is ${JSON.stringify(text)}; expected a duration.`,
      hint: number
        ? `Write ${bare}h, or another unit: s, m, h, d or w.`
        : "Write numbers with units s, m, h, d or w, such as 24h, 30m, 1d12h or 0s.",
    };
  }
  if (!Number.isInteger(seconds)) return { message: `is ${bare}, which is not whole seconds.`, hint: "Round it." };
  if (seconds > LONGEST_DAYS * 86_400) {
    return { message: `is ${bare}, longer than ${LONGEST_DAYS} days.`, hint: "Write a shorter duration." };
  }
  return seconds;
}
