/**
 * When a fill will be done, as a range: from how its pace has varied over the last ten minutes, not from the last second. Time
 * in which it was paused, held back or nobody worked is taken out, and said. Pure.
 */
import type { FillProgress, Sample } from "../journal/state.js";

export type Eta = {
  readonly lowSeconds: number;
  readonly highSeconds: number;
  /** of the time that it was measured over, so much does not count: paused, held back, nobody at work */
  readonly heldSeconds: number;
  readonly overSeconds: number;
};

export type Pace = {
  /** of the time in which it worked, oldest first: blocks of it */
  readonly blocks: readonly Block[];
  readonly workSeconds: number;
  readonly heldSeconds: number;
};

type Block = { readonly seconds: number; readonly pages: number; readonly rows: number };

/** Samples come every five seconds: in a longer gap nobody was there to take any. */
const GAP_S = 20;
/** Before it has worked for so long, nothing is told. */
const KNOWN_S = 10;
const BLOCKS = 10;
const BLOCK_S = 5;
const RECENT_S = 60;

/** How it went while it worked. */
export function paceOf(samples: readonly Sample[]): Pace {
  const spans: Block[] = [];
  let heldSeconds = 0;
  for (const [n, to] of samples.entries()) {
    const from = samples[n - 1];
    if (from === undefined) continue;
    const seconds = to.at - from.at;
    // A pass that is begun anew takes back what it had counted.
    const [pages, rows] = [Math.max(0, to.pages - from.pages), Math.max(0, to.rows - from.rows)];
    if (seconds > GAP_S || from.held || to.held) heldSeconds += seconds;
    else if (seconds > 0) spans.push({ seconds, pages, rows });
  }
  const workSeconds = total(spans, ({ seconds }) => seconds);
  return { blocks: inBlocks(spans, Math.max(BLOCK_S, workSeconds / BLOCKS)), workSeconds, heldSeconds };
}

function inBlocks(spans: readonly Block[], least: number): Block[] {
  const blocks: Block[] = [];
  let open: Block[] = [];
  for (const span of spans) {
    open.push(span);
    // Samples do not come to the millisecond.
    if (total(open, ({ seconds }) => seconds) < least * 0.95) continue;
    blocks.push(merged(open));
    open = [];
  }
  const last = blocks.pop();
  if (open.length === 0) return last === undefined ? [] : [...blocks, last];
  return [...blocks, merged([...(last === undefined ? [] : [last]), ...open])];
}

/** null: not known yet, done, or standing still. */
export function etaOf(fill: FillProgress): Eta | null {
  const left = fill.pages - fill.pagesDone;
  // Without a rate over the last minute there is nobody at work.
  if (left <= 0 || fill.rowsPerSecond === null) return null;
  const { blocks, workSeconds, heldSeconds } = paceOf(fill.samples);
  if (workSeconds < KNOWN_S) return null;
  const rates = blocks.map(rateOf).sort((a, b) => a - b);
  const typical = [rateOf(merged(blocks)), rateOf(merged(recent(blocks)))];
  const moving = [...typical, quantile(rates, 0.2), quantile(rates, 0.8)].filter((rate) => rate > 0);
  if (moving.length === 0) return null;
  return {
    lowSeconds: Math.floor(left / Math.max(...moving)),
    highSeconds: Math.ceil(left / Math.min(...moving)),
    heldSeconds: Math.round(heldSeconds),
    overSeconds: Math.round(heldSeconds + workSeconds),
  };
}

const rateOf = ({ pages, seconds }: Block) => (seconds > 0 ? pages / seconds : 0);

function recent(blocks: readonly Block[]): Block[] {
  const found: Block[] = [];
  for (const block of [...blocks].reverse()) {
    if (total(found, ({ seconds }) => seconds) >= RECENT_S) break;
    found.push(block);
  }
  return found;
}

function merged(blocks: readonly Block[]): Block {
  return {
    seconds: total(blocks, ({ seconds }) => seconds),
    pages: total(blocks, ({ pages }) => pages),
    rows: total(blocks, ({ rows }) => rows),
  };
}

function total(blocks: readonly Block[], of: (block: Block) => number): number {
  return blocks.reduce((sum, block) => sum + of(block), 0);
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}

/** Rows a second while it worked; null: not known yet. */
export function workingRate(samples: readonly Sample[]): number | null {
  const { blocks, workSeconds } = paceOf(samples);
  return workSeconds < KNOWN_S ? null : merged(blocks).rows / workSeconds;
}
