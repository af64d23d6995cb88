import { sizeConstraints } from './constraints.ts';
import { type Failure, fail, HIDDEN } from './failure.ts';
import type { Model, Shape } from './model.ts';
import { integerReader, plainReader, type ShapeReader, textReader, wrongType } from './scalar-reader.ts';

/** `ignored` for requests, as AWS does; `refused` to find what an answer should not have. */
type UnknownMembers = 'ignored' | 'refused';

function asObject(value: unknown, wanted: string, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongType(value, wanted, path);
  }
  return value as Record<string, unknown>;
}

function listReader(shape: Shape, read: ShapeReader): ShapeReader {
  const constraints = sizeConstraints(shape);
  return (value, path, failures) => {
    if (!Array.isArray(value)) throw wrongType(value, 'List', path);
    for (const { holds, text } of constraints) {
      if (!holds(value.length)) fail(failures, path, HIDDEN, text);
    }
    return value.map((item, i) => readPresent(read, item, `${path}.${i + 1}.member`, failures));
  };
}

function readPresent(read: ShapeReader, value: unknown, path: string, failures: Failure[]): unknown {
  if (value !== null && value !== undefined) return read(value, path, failures);
  fail(failures, path, 'null', 'Member must not be null');
  return undefined;
}

/** A map's keys and values may be sensitive, so a failure names the map alone, and what its keys or values must be. */
function failMap(failures: Failure[], path: string, part: 'keys' | 'value', wrong: readonly Failure[]): void {
  if (wrong.length === 0) return;
  const texts = new Set(wrong.map(({ constraint }) => constraint));
  fail(failures, path, HIDDEN, `Map ${part} must satisfy constraint: [${[...texts].join(', ')}]`);
}

function mapReader(readKey: ShapeReader, readValue: ShapeReader): ShapeReader {
  return (value, path, failures) => {
    const wrongKeys: Failure[] = [];
    const wrongValues: Failure[] = [];
    const entries = Object.entries(asObject(value, 'Map', path)).map(([name, content]) => {
      readKey(name, path, wrongKeys);
      return [name, readPresent(readValue, content, path, wrongValues)];
    });
    failMap(failures, path, 'keys', wrongKeys);
    failMap(failures, path, 'value', wrongValues);
    return Object.fromEntries(entries);
  };
}

interface MemberReader {
  readonly name: string;
  /** The member's name as AWS's messages write it: its first letter in lower case. */
  readonly step: string;
  readonly required: boolean;
  readonly read: ShapeReader;
}

function checkUnion(members: readonly MemberReader[], read: object, path: string, failures: Failure[]): void {
  const count = Object.keys(read).length;
  if (count === 1) return;
  const names = members.map(({ step }) => step).join(', ');
  const text = `Member must have exactly one of [${names}] set, not ${count === 0 ? 'none' : count}`;
  fail(failures, path, HIDDEN, text);
}

function structureReader(
  shape: Shape,
  members: readonly MemberReader[],
  unknown: UnknownMembers,
): ShapeReader {
  return (value, path, failures) => {
    const given = asObject(value, 'Structure', path);
    const prefix = path === '' ? '' : `${path}.`;
    const copy: Record<string, unknown> = {};
    for (const { name, step, required, read } of members) {
      const content = given[name];
      if (content !== undefined && content !== null) copy[name] = read(content, prefix + step, failures);
      else if (required) fail(failures, prefix + step, 'null', 'Member must not be null');
    }
    if (shape.union) checkUnion(members, copy, path, failures);
    if (unknown === 'refused') checkUnknown(given, members, prefix, failures);
    return copy;
  };
}

function checkUnknown(
  given: object,
  members: readonly MemberReader[],
  prefix: string,
  failures: Failure[],
): void {
  for (const name of Object.keys(given)) {
    if (members.some((member) => member.name === name)) continue;
    fail(failures, prefix + name, HIDDEN, 'Member must be in the model');
  }
}

function stepOf(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** Makes readers of a model's shapes, each shape once. */
export function shapeReaders(model: Model, unknown: UnknownMembers): (shape: string) => ShapeReader {
  const made = new Map<string, ShapeReader>();

  function membersOf(shape: Shape): MemberReader[] {
    return Object.entries(shape.members ?? {}).map(([name, member]) => ({
      name,
      step: stepOf(name),
      required: shape.required?.includes(name) ?? false,
      read: readerOf(member.shape),
    }));
  }

  const make: Record<Shape['type'], (shape: Shape) => ShapeReader> = {
    structure: (shape) => structureReader(shape, membersOf(shape), unknown),
    list: (shape) => listReader(shape, readerOf(shape.member!.shape)),
    map: (shape) => mapReader(readerOf(shape.key!.shape), readerOf(shape.value!.shape)),
    string: textReader,
    integer: integerReader,
    boolean: () => plainReader('boolean', 'Boolean'),
    timestamp: () => plainReader('number', 'Timestamp'),
  };

  function readerOf(name: string): ShapeReader {
    const shape = model.shapes[name]!;
    const reader = made.get(name) ?? make[shape.type](shape);
    made.set(name, reader);
    return reader;
  }
  return readerOf;
}
