/** What the text of a query says of the rows that it gives. */
export interface Select {
  readonly table: string;
  /** Columns that have the first of the values, in their order. */
  readonly equal: readonly string[];
  /** Does it give all of these rows, but for those before a place (the value that follows) and beyond a limit (the last)? */
  readonly others: 'none' | 'after' | 'unknown';
  readonly limited: boolean;
}

const WHOLE_ROWS = /^SELECT \* FROM (\w+)(?: WHERE (.+?))?(?: ORDER BY [^?]+?)?( LIMIT (?:\?|1))?$/;
const EQUAL = /^(\w+) = \?(?: AND |$)/;
const AFTER = /^\w+ > \?$/;

function othersOf(conditions: string, limit: string | undefined): Select['others'] {
  if (limit === ' LIMIT 1') return 'unknown';
  if (conditions === '') return 'none';
  return AFTER.test(conditions) ? 'after' : 'unknown';
}

/** None of a statement that gives no whole rows of a table: counts, and what changes something. @throws TypeError of one that it can't read */
export function readSelect(sql: string): Select | undefined {
  if (!sql.startsWith('SELECT *')) return undefined;
  const words = WHOLE_ROWS.exec(sql);
  if (words === null) throw new TypeError(`not a query whose rows can be verified: ${sql}`);
  const [, table, conditions = '', limit] = words;
  const equal: string[] = [];
  let rest = conditions;
  for (let found = EQUAL.exec(rest); found !== null; found = EQUAL.exec(rest)) {
    equal.push(found[1]!);
    rest = rest.slice(found[0].length);
  }
  return { table: table!, equal, others: othersOf(rest, limit), limited: limit !== undefined };
}
