import { invalid } from '../api/exceptions.ts';
import type { Page } from '../store/page.ts';

interface PageRequest {
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

const DEFAULT_RESULTS = 50;

/** What a list is of: the operation and its filters. A token goes on with the list that it was given for, and no other. */
export type ListName = readonly string[];

function tokenFor(list: ListName, last: string): string {
  return Buffer.from(JSON.stringify([...list, last])).toString('base64url');
}

function lastRow(list: ListName, token: string): string {
  const last = parseToken(token).at(-1);
  // Made anew, it must be the same token: that leaves no other list, and no other way to write it.
  if (typeof last === 'string' && tokenFor(list, last) === token) return last;
  throw invalid(
    'NextToken is not one that this list gave: use the token of the page before, with the same filters.',
  );
}

function parseToken(token: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

/**
 * One page of a list.
 *
 * @param fetch reads rows from the store
 * @param nameOf what the store continues after
 */
export async function readPage<Row>(
  { NextToken, MaxResults = DEFAULT_RESULTS }: PageRequest,
  list: ListName,
  fetch: (page: Page) => Promise<Row[]>,
  nameOf: (row: Row) => string,
): Promise<{ rows: Row[]; next: { NextToken?: string } }> {
  const after = NextToken === undefined ? undefined : lastRow(list, NextToken);
  // One row more than asked for tells whether there is a next page.
  const found = await fetch({ after, limit: MaxResults + 1 });
  const rows = found.slice(0, MaxResults);
  const next = found.length > MaxResults ? { NextToken: tokenFor(list, nameOf(rows.at(-1)!)) } : {};
  return { rows, next };
}
