/** Tables for people: the first column to the left, numbers to the right. */

export function columns(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, n) => Math.max(...[head, ...rows].map((row) => row[n]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join("  ");
  return [line(head), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}

/** 12,345; a dash for what is not there. */
export function whole(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? "-" : Math.round(value).toLocaleString("en-US");
}

export function times(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "-" : `${value.toFixed(2)} x`;
}

export function percent(share: number | undefined): string {
  return share === undefined || Number.isNaN(share) ? "-" : `${(share * 100).toFixed(1)} %`;
}

/** 12.34, or with its sign: +1.20. */
export function ms(value: number | undefined, signed = false): string {
  if (value === undefined || Number.isNaN(value)) return "-";
  const text = Math.abs(value) >= 100 ? String(Math.round(value)) : value.toFixed(2);
  return signed && value >= 0 ? `+${text}` : text;
}

export function megabytes(bytes: number | null | undefined): string {
  return bytes === null || bytes === undefined ? "-" : `${Math.round(bytes / 1024 / 1024)} MB`;
}
