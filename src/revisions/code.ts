/** The code in a plan's folder, as far as a review of it has to hold for what runs: which files, and what they say. Pure. */
import { normaliseText, sha256 } from "./checksum.js";
import { compare } from "./files.js";

export const CODE_FILE = /\.(?:[cm]?[jt]s|json)$/;

/** File name → text. */
export type CodeFiles = ReadonlyMap<string, string>;

/** sha256 in hex of all of it: whichever of them the module imports, an edit is noticed. */
export function codeChecksum(files: CodeFiles): string {
  const sorted = [...files].sort(([a], [b]) => compare(a, b));
  return sha256(JSON.stringify(sorted.map(([name, text]) => [name, normaliseText(text)])));
}

const SPECIFIER = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*(["'`])((?:\.|\/|file:)[^"'`]*)\1/g;

/** The first import of a file that lies elsewhere, where an edit would go unnoticed; null: there is none. */
export function foreignImport(files: CodeFiles): { readonly file: string; readonly specifier: string } | null {
  for (const [file, text] of files) {
    for (const [, , specifier = ""] of text.matchAll(SPECIFIER))
      if (!/^\.\/[^/]+$/.test(specifier)) return { file, specifier };
  }
  return null;
}
