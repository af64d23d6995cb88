/** One line of a benchmark's table: a value for each column, in the columns' order. */
export type Row = Readonly<Record<string, string | number>>;

/** What a file `tools/bench/NAME.bench.ts` exports; `npm run bench -- NAME` runs it. */
export interface Benchmark {
  /** What is measured, and what the ratios are against. */
  readonly title: string;
  /** Rows are printed as they come. */
  run(): AsyncIterable<Row> | Iterable<Row>;
}
