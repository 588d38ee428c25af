/** COPY … FROM STDIN for a role that may read no file of the server: node-postgres knows the messages, not the command. */
import type pg from "pg";

type Wire = {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
};

/** `rows` in COPY's text format; null: NULL. Rejects with the server's error. */
export function copyFrom(client: pg.Client, command: string, rows: readonly (readonly (string | null)[])[]) {
  const text = rows.map((row) => `${row.map(field).join("\t")}\n`).join("");
  return new Promise<void>((resolve, reject) => {
    const copy = {
      submit: (wire: Wire) => wire.query(command),
      handleCopyInResponse: (wire: Wire) => {
        wire.sendCopyFromChunk(Buffer.from(text));
        wire.endCopyFrom();
      },
      handleCommandComplete: () => undefined,
      handleError: reject,
      handleReadyForQuery: () => resolve(),
    };
    client.query(copy as unknown as pg.Submittable);
  });
}

function field(value: string | null): string {
  if (value === null) return "\\N";
  return value.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n");
}
