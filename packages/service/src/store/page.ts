/** A page of a list: at most `limit` rows that come after the row named by `after`. */
export interface Page {
  readonly after?: string | undefined;
  readonly limit: number;
}
