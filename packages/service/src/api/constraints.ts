import type { Shape } from './model.ts';

/** A rule that the model puts on a text, a number or a list, with AWS's words for it. */
export interface Constraint<T> {
  readonly text: string;
  holds(value: T): boolean;
}

const SURROGATE = /[\uD800-\uDFFF]/;

/** Characters, not UTF-16 units (Smithy specification, length trait). */
function characters(text: string): number {
  return SURROGATE.test(text) ? [...text].length : text.length;
}

/** The models' patterns are Java's. Two use a possessive `{2}+`, which means the same as `{2}` and which JavaScript refuses. */
export function wholeMatch(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern.replaceAll('}+', '}')})$`);
}

function bounds<T>(shape: Shape, measured: string, measure: (value: T) => number): Constraint<T>[] {
  const { min, max } = shape;
  const rules: Constraint<T>[] = [];
  if (max !== undefined) {
    const text = `Member must have ${measured} less than or equal to ${max}`;
    rules.push({ text, holds: (value) => measure(value) <= max });
  }
  if (min !== undefined) {
    const text = `Member must have ${measured} greater than or equal to ${min}`;
    rules.push({ text, holds: (value) => measure(value) >= min });
  }
  return rules;
}

export function textConstraints(shape: Shape): Constraint<string>[] {
  if (shape.enum) {
    const values = new Set(shape.enum);
    const text = `Member must satisfy enum value set: [${shape.enum.join(', ')}]`;
    return [{ text, holds: (value) => values.has(value) }];
  }
  const rules = bounds<string>(shape, 'length', characters);
  if (shape.pattern === undefined) return rules;
  const pattern = wholeMatch(shape.pattern);
  const text = `Member must satisfy regular expression pattern: ${shape.pattern}`;
  return [{ text, holds: (value) => pattern.test(value) }, ...rules];
}

export function integerConstraints(shape: Shape): Constraint<number>[] {
  return bounds(shape, 'value', (value) => value);
}

/** For lists and maps. */
export function sizeConstraints(shape: Shape): Constraint<number>[] {
  return bounds(shape, 'length', (size) => size);
}
