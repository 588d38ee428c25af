/** Where a key stands in a configuration file. Of a module only its text is known: keys are looked for as people write them. */

/** `12:5` of the innermost key of the path that is written there; null: not even the first. */
export function placeOfKey(text: string, path: readonly string[]): string | null {
  const code = blanked(text);
  let from = 0;
  let found: number | null = null;
  for (const key of path) {
    const at = keyAfter(code, key, from);
    if (at === null) break;
    found = at;
    from = at + key.length;
  }
  if (found === null) return null;
  const before = text.slice(0, found).split("\n");
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** `key:`, `"key":`, `'key':`, or the short form `key,` or `key }`. */
function keyAfter(code: string, key: string, from: number): number | null {
  const escaped = key.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const match = new RegExp(`(?<![\\w$.-])(["']?)${escaped}\\1\\s*(?=[:,}])`, "g");
  match.lastIndex = from;
  return match.exec(code)?.index ?? null;
}

/** Comments, and texts that are no key, give way to spaces. */
function blanked(text: string): string {
  const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|(["'])(?:\\.|(?!\1)[^\\\n])*\1|`(?:\\.|[^\\`])*`/g;
  return text.replace(token, (match: string, quote: string | undefined, at: number) => {
    const isKey = quote !== undefined && /^\s*:/.test(text.slice(at + match.length));
    return isKey ? match : match.replace(/[^\n]/g, " ");
  });
}
