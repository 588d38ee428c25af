import { defineChange } from "changeover";

export default defineChange({
  change: "set_not_null",
  table: "app.people",
  column: "tags",
  transform: {
    columns: ['"First"', "last"],
    row: ({ First, last }: { First: string; last: string | null }) => (last === null ? [First] : [First, last]),
  },
  soak: "0s",
});
