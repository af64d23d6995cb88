// Writes the TypeScript types of both planes from the service models. `--check` only says whether they are current.
import { readFileSync, writeFileSync } from 'node:fs';

interface Reference {
  shape: string;
}
interface Shape {
  type: string;
  required?: string[];
  members?: Record<string, Reference>;
  member?: Reference;
  key?: Reference;
  value?: Reference;
  enum?: string[];
}
interface Model {
  metadata: { serviceFullName: string; apiVersion: string };
  operations: Record<string, { input: Reference; output: Reference }>;
  shapes: Record<string, Shape>;
}

const SCALARS: Record<string, string> = {
  string: 'string',
  boolean: 'boolean',
  integer: 'number',
  timestamp: 'number',
};

// The models name two shapes like JavaScript's own wrapper types, which are not meant.
const WRAPPERS: Record<string, string> = { String: 'string', Boolean: 'boolean' };

function structure(shape: Shape): string {
  const fields = Object.entries(shape.members ?? {}).map(([name, { shape: type }]) => {
    const optional = shape.required?.includes(name) ? '' : '?';
    return `  ${name}${optional}: ${WRAPPERS[type] ?? type};`;
  });
  return `{\n${fields.join('\n')}\n}`;
}

function declaration(name: string, shape: Shape): string {
  if (shape.type === 'structure') return `export interface ${name} ${structure(shape)}`;
  if (shape.type === 'list') return `export type ${name} = ${shape.member!.shape}[];`;
  if (shape.type === 'map') return `export type ${name} = Record<string, ${shape.value!.shape}>;`;
  const values = shape.enum?.map((value) => `'${value}'`).join(' | ');
  return `export type ${name} = ${values ?? SCALARS[shape.type]};`;
}

function operations(model: Model, plane: string): string {
  const rows = Object.entries(model.operations).map(
    ([name, { input, output }]) => `  ${name}: { input: ${input.shape}; output: ${output.shape} };`,
  );
  return `export interface ${plane} {\n${rows.join('\n')}\n}`;
}

function render(model: Model, plane: string): string {
  const { serviceFullName, apiVersion } = model.metadata;
  const shapes = Object.entries(model.shapes).filter(([name]) => !(name in WRAPPERS));
  return [
    `// Made from the model of ${serviceFullName} ${apiVersion} by tools/generate-api.ts; not edited by hand.`,
    ...shapes.map(([name, shape]) => declaration(name, shape)),
    operations(model, plane),
    '',
  ].join('\n\n');
}

const PLANES = { 'control-plane': 'ControlPlane', 'data-plane': 'DataPlane' };
const api = new URL('../packages/service/src/api/', import.meta.url);
let stale = 0;
for (const [file, plane] of Object.entries(PLANES)) {
  const model = JSON.parse(readFileSync(new URL(`models/${file}.model.json`, api), 'utf8')) as Model;
  const target = new URL(`${file}.generated.ts`, api);
  const text = render(model, plane);
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') !== text) stale = 1;
}
if (stale) console.error('the types in packages/service/src/api are not current: run npm run generate');
process.exitCode = stale;
