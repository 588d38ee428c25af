/**
 * As if the last sightings, and the last undo, lay a tick of the clock further back: a confirm would wait for the end of
 * the tick (at most ten seconds), which tests that are about other things need not.
 */
export async function letTickPass(sql: (text: string) => Promise<unknown>): Promise<void> {
  await sql("update changeover.sighting set at = at - interval '10 seconds' where side = 'old'");
  await sql("update changeover.unmirrored set at = at - interval '10 seconds'");
  await sql("update changeover.event set at = at - interval '10 seconds' where kind = 'revision-undone'");
}
