/** One line of a benchmark's table: a value for each column, in the columns' order. */
export type Row = Readonly<Record<string, string | number>>;

/** What the command line says to every benchmark. */
export interface BenchOptions {
  /** `--full`: the whole size of what is measured, where it takes many minutes. */
  readonly full: boolean;
}

/** What a file `tools/bench/NAME.bench.ts` exports; `npm run bench -- NAME` runs it. */
export interface Benchmark {
  /** What is measured, and what the ratios are against. */
  readonly title: string;
  /** Rows are printed as they come. */
  run(options: BenchOptions): AsyncIterable<Row> | Iterable<Row>;
}
