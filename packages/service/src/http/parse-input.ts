import { isAscii, isUtf8 } from 'node:buffer';
import { AwsException } from '../api/exceptions.ts';
import type { Route } from './route.ts';

function serialization(message: string): AwsException {
  return new AwsException('SerializationException', message);
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return {};
  const ascii = isAscii(body);
  if (!ascii && !isUtf8(body)) throw serialization('The body must be JSON in UTF-8.');
  try {
    return JSON.parse(body.toString(ascii ? 'latin1' : 'utf8'));
  } catch {
    // The parser's own message quotes the body, which may hold a key.
    throw serialization('The body must be one JSON object.');
  }
}

function decodeLabel(escaped: string): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    throw serialization('The path must be percent-encoded UTF-8.');
  }
}

/**
 * The input that a request carries, not yet validated: its JSON object, and the label of its path, which a member of the same
 * name in the body does not replace.
 *
 * @throws AwsException SerializationException
 */
export function parseInput({ label }: Pick<Route, 'label'>, body: Buffer): unknown {
  const input = parseBody(body);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw serialization('The body must be one JSON object.');
  }
  return label ? { ...input, [label.member]: decodeLabel(label.escaped) } : input;
}
