import { readFileSync } from 'node:fs';
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { Failure } from '../failure.ts';
import type { FleetClient } from './fleet-client.ts';

/** A terminal as a line of the file has it. */
interface Line {
  /** In the file, from 1 on. */
  readonly number: number;
  readonly serial: string;
  readonly group: string;
  readonly kek?: string;
}

const COLUMNS = ['serial', 'group', 'kek'];
const REQUIRED = ['serial', 'group'];
/** Lines that go in one request. */
const PART = 1000;

const RULES: readonly [keyof Line, RegExp, string][] = [
  [
    'serial',
    /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/,
    '1 to 64 letters, digits, dots, underscores, colons or dashes',
  ],
  ['group', /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, '1 to 64 letters, digits, dots, underscores or dashes'],
  ['kek', /^(?:arn:aws:payment-cryptography:\S+|alias\/\S+|key\/\S+)$/, 'an ARN or an alias, or empty'],
];

/** What is wrong, and in which line. */
interface Problem {
  readonly number: number;
  readonly problem: string;
}

function checkHeading(heading: readonly string[]): string[] {
  const names = heading.map((name) => name.trim().toLowerCase());
  const unknown = names.find((name) => !COLUMNS.includes(name));
  if (unknown !== undefined) {
    throw new Failure(`line 1: column ${unknown} is not one of ${COLUMNS.join(', ')}`);
  }
  const missing = REQUIRED.find((name) => !names.includes(name));
  if (missing !== undefined) throw new Failure(`line 1: the column ${missing} is missing`);
  return names;
}

/** Reads the lines of a CSV file (RFC 4180, a heading first). @throws Failure when it is no CSV */
export function readLines(text: string): Line[] {
  try {
    const rows = parse<{ record: Record<string, string>; info: { lines: number } }>(text, {
      bom: true,
      columns: checkHeading,
      info: true,
      skip_empty_lines: true,
      trim: true,
    });
    return rows.map(({ record: { serial = '', group = '', kek = '' }, info }) => ({
      number: info.lines,
      serial,
      group,
      ...(kek !== '' && { kek }),
    }));
  } catch (error) {
    if (error instanceof CsvError) throw new Failure(`it is no CSV: ${error.message}`);
    throw error;
  }
}

/** What is wrong with lines by themselves. */
export function checkLines(lines: readonly Line[]): Problem[] {
  const first = new Map<string, number>();
  return lines.flatMap((line) => {
    const { number, serial } = line;
    const broken = RULES.flatMap(([name, pattern, right]) => {
      const value = line[name];
      return value === undefined || pattern.test(String(value))
        ? []
        : [{ number, problem: `${name} must be ${right}` }];
    });
    const before = first.get(serial);
    first.set(serial, before ?? number);
    return before === undefined
      ? broken
      : [...broken, { number, problem: `serial ${serial} is in line ${before} already` }];
  });
}

const MOST_TOLD = 100;

function failureOf(problems: readonly Problem[]): Failure {
  const told = problems.slice(0, MOST_TOLD).map(({ number, problem }) => `\n  line ${number}: ${problem}`);
  const more = problems.length > told.length ? `\n  and ${problems.length - told.length} more` : '';
  return new Failure(`nothing was imported:${told.join('')}${more}`);
}

interface Staged {
  readonly importId: string;
  readonly unchanged: number;
  readonly problems: readonly { readonly index: number; readonly problem: string }[];
}

/** Sends all lines; what the service has against any of them comes back. */
async function stage(fleet: FleetClient, lines: readonly Line[]) {
  const problems: Problem[] = [];
  let [importId, unchanged]: [string | undefined, number] = [undefined, 0];
  for (let start = 0; start < lines.length; start += PART) {
    const part = lines.slice(start, start + PART);
    const terminals = part.map(({ number: _, ...terminal }) => terminal);
    const staged: Staged = await fleet.send('POST', '/imports', { ...(importId && { importId }), terminals });
    importId = staged.importId;
    unchanged += staged.unchanged;
    problems.push(...staged.problems.map(({ index, problem }) => ({ number: part[index]!.number, problem })));
  }
  return { importId, unchanged, problems };
}

/**
 * Registers the terminals of a CSV file, or none.
 *
 * @throws Failure with every line that is wrong, and why
 */
export async function importTerminals(fleet: FleetClient, file: string): Promise<void> {
  const lines = readLines(readFileSync(file, 'utf8'));
  const broken = checkLines(lines);
  if (broken.length > 0) throw failureOf(broken);
  if (lines.length === 0) throw new Failure(`${file} has no terminals in it`);
  const { importId, unchanged, problems } = await stage(fleet, lines);
  if (problems.length > 0) throw failureOf(problems);
  await fleet.send('POST', `/imports/${importId}/commit`, {});
  const before = unchanged > 0 ? `, ${unchanged} were registered before` : '';
  console.log(`${lines.length - unchanged} terminals were registered${before}`);
}
