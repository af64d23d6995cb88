import { AwsException } from '../api/exceptions.ts';
import { keepLast } from '../memo.ts';

/** How far a request's time may be from ours, either way. */
const TOLERANCE = 15 * 60_000;

const FORM = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Milliseconds since 1970 as yyyymmddThhmmssZ. */
function basicFormat(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function parse(text: string): number {
  const time = FORM.test(text) ? Date.parse(text.replace(FORM, '$1-$2-$3T$4:$5:$6Z')) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new AwsException(
    'IncompleteSignatureException',
    'Date must be in ISO-8601 basic format, as 20150830T123600Z, in the X-Amz-Date header.',
  );
}

/** The requests of a second have the same text. */
const timeOf = keepLast(parse);

/**
 * Checks the X-Amz-Date header against the clock and against the day of the credential scope.
 *
 * @throws AwsException
 */
export function checkRequestTime(header: string, scopeDate: string, now: number): void {
  const time = timeOf(header);
  if (header.slice(0, 8) !== scopeDate) {
    throw outside(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${header.slice(0, 8)}'.`,
    );
  }
  if (time < now - TOLERANCE) {
    const earliest = `${basicFormat(now - TOLERANCE)} (${basicFormat(now)} - 15 min.)`;
    throw outside(`Signature expired: ${header} is now earlier than ${earliest}`);
  }
  if (time > now + TOLERANCE) {
    const latest = `${basicFormat(now + TOLERANCE)} (${basicFormat(now)} + 15 min.)`;
    throw outside(`Signature not yet current: ${header} is still later than ${latest}`);
  }
}

function outside(message: string): AwsException {
  return new AwsException('InvalidSignatureException', message);
}
