import { MODELS, type Plane, type Shape } from './model.ts';

/** What becomes of a text of an input. `path` is as `KeyMaterial.Tr31KeyBlock.WrappingKeyIdentifier`. */
export type TextMapping = (text: string, shape: Shape, shapeName: string, path: string) => unknown;

function mapValue(plane: Plane, shapeName: string, value: unknown, path: string, map: TextMapping): unknown {
  const shape = MODELS[plane].shapes[shapeName]!;
  if (typeof value === 'string') return map(value, shape, shapeName, path);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const member = shape.member!.shape;
    return value.map((inner, i) => mapValue(plane, member, inner, `${path}[${i}]`, map));
  }
  const entries = Object.entries(value).map(([name, inner]) => {
    const member = (shape.members?.[name] ?? shape.value)!.shape;
    return [name, mapValue(plane, member, inner, path === '' ? name : `${path}.${name}`, map)];
  });
  return Object.fromEntries(entries);
}

/** A validated input with each of its texts put through `map`, which is told the text's shape in the model. */
export function mapTexts(plane: Plane, shapeName: string, input: unknown, map: TextMapping): unknown {
  return mapValue(plane, shapeName, input, '', map);
}
