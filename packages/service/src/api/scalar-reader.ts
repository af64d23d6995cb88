import { integerConstraints, textConstraints } from './constraints.ts';
import { AwsException } from './exceptions.ts';
import { type Failure, fail, showText } from './failure.ts';
import type { Shape } from './model.ts';

/**
 * Reads a JSON value as one shape: a copy of it with the members that the shape names, and nothing else. What breaks the
 * model's constraints is added to `failures`; a value of the wrong JSON type throws SerializationException at once, as at AWS.
 */
export type ShapeReader = (value: unknown, path: string, failures: Failure[]) => unknown;

const TOKENS: Record<string, string> = {
  string: 'STRING_VALUE',
  number: 'NUMBER_VALUE',
  boolean: 'BOOLEAN_VALUE',
};

/** The answer to a value of another JSON type than the model's. */
export function wrongType(value: unknown, wanted: string, path: string): AwsException {
  const place = path === '' ? '' : ` at '${path}'`;
  if (Array.isArray(value)) return serialization(`Start of list found where not expected${place}`);
  const token = TOKENS[typeof value];
  if (token === undefined) return serialization(`Start of structure or map found where not expected${place}`);
  return serialization(`${token} cannot be converted to ${wanted}${place}`);
}

function serialization(message: string): AwsException {
  return new AwsException('SerializationException', message);
}

export function textReader(shape: Shape): ShapeReader {
  const constraints = textConstraints(shape);
  return (value, path, failures) => {
    if (typeof value !== 'string') throw wrongType(value, 'String', path);
    for (const { holds, text } of constraints) {
      if (!holds(value)) fail(failures, path, showText(shape, value), text);
    }
    return value;
  };
}

export function integerReader(shape: Shape): ShapeReader {
  const constraints = integerConstraints(shape);
  return (value, path, failures) => {
    if (!Number.isInteger(value)) throw wrongType(value, 'Integer', path);
    for (const { holds, text } of constraints) {
      if (!holds(value as number)) fail(failures, path, `'${value}'`, text);
    }
    return value;
  };
}

/** Booleans, and timestamps as seconds since 1970. */
export function plainReader(type: 'boolean' | 'number', wanted: string): ShapeReader {
  return (value, path) => {
    if (typeof value !== type) throw wrongType(value, wanted, path);
    return value;
  };
}
