/** What of a partitioned table's partitions, of every level, a plan has to know. */
export type Partitions = {
  /** every column of a partition key, or of an expression in one */
  readonly keyColumns: readonly string[];
  /** by what a partition is other than its parent, or cannot be worked on */
  readonly differences: readonly {
    readonly kind: string;
    /** quoted and qualified */
    readonly partition: string;
    readonly name: string;
    /** that it mentions; empty: it is not about columns */
    readonly columns: readonly string[];
  }[];
};
