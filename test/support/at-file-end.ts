/** Work that is put off to the end of the test file; `file-end.ts` does it then. */
const work: (() => unknown)[] = [];

export const atFileEnd = {
  add: (one: () => unknown): void => void work.push(one),
  run: async (): Promise<void> => {
    for (const one of work.splice(0).reverse()) await one();
  },
};
