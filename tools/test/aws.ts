// A stand-in for the AWS CLI, as far as the documentation uses it, so that its commands run where the CLI is not installed.
import { readFileSync } from 'node:fs';
import { signRequest } from '../../packages/service/test/access/sign.ts';
import { parseShorthand } from './aws-shorthand.ts';
import { ROOT } from './service.ts';

interface Model {
  metadata: { targetPrefix?: string };
  operations: Record<string, { http: { requestUri: string }; input: { shape: string } }>;
  shapes: Record<string, { type: string; members?: Record<string, { shape: string }> }>;
}

const PLANES: Record<string, string> = {
  'payment-cryptography': 'control-plane',
  'payment-cryptography-data': 'data-plane',
};

function kebab(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]|(?<!^)[A-Z](?=[a-z])/g, '-$&').toLowerCase();
}

function readModel(plane: string): Model {
  const path = `${ROOT}/packages/service/src/api/models/${plane}.model.json`;
  return JSON.parse(readFileSync(path, 'utf8')) as Model;
}

/** `--name value`, `--name=value`, `--flag` and `--no-flag`. */
function readOptions(args: readonly string[]): Map<string, string | boolean> {
  const options = new Map<string, string | boolean>();
  for (let i = 0; i < args.length; i += 1) {
    const [, name, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(args[i]!) ?? [];
    if (name === undefined) throw new Error(`not an option: ${args[i]}`);
    if (value !== undefined) options.set(name, value);
    else if (args[i + 1] === undefined || args[i + 1]!.startsWith('--')) {
      options.set(name.replace(/^no-/, ''), !name.startsWith('no-'));
    } else {
      options.set(name, args[i + 1]!);
      i += 1;
    }
  }
  return options;
}

function readValue(value: string | boolean): unknown {
  if (typeof value === 'boolean' || !/^[{[]|=/.test(value)) return value;
  return /^[{[]/.test(value) ? JSON.parse(value) : parseShorthand(value);
}

function readInput(
  model: Model,
  shape: string,
  options: Map<string, string | boolean>,
): Record<string, unknown> {
  const members = Object.keys(model.shapes[shape]!.members ?? {});
  const given = members.filter((member) => options.has(kebab(member)));
  const rest = [...options.keys()].filter((name) => !given.some((member) => kebab(member) === name));
  const unknown = rest.filter((name) => !['query', 'output', 'endpoint-url', 'region'].includes(name));
  if (unknown.length > 0) throw new Error(`unknown options: ${unknown.join(', ')}`);
  return Object.fromEntries(given.map((member) => [member, readValue(options.get(kebab(member))!)]));
}

function query(answer: unknown, path: string): unknown {
  return path.split('.').reduce((value, name) => (value as Record<string, unknown>)[name], answer);
}

function credentials(): { accessKeyId: string; secretAccessKey: string } {
  const file = readFileSync(process.env.AWS_SHARED_CREDENTIALS_FILE!, 'utf8');
  const read = (name: string) => new RegExp(`^${name}\\s*=\\s*(\\S+)$`, 'm').exec(file)![1]!;
  return { accessKeyId: read('aws_access_key_id'), secretAccessKey: read('aws_secret_access_key') };
}

const [service, command, ...args] = process.argv.slice(2) as [string, string, ...string[]];
const model = readModel(PLANES[service]!);
const options = readOptions(args);
const [name, operation] = Object.entries(model.operations).find(([key]) => kebab(key) === command)!;
const { KeyIdentifier, ...input } = readInput(model, operation.input.shape, options);
const inPath = operation.http.requestUri.includes('{');
const path = operation.http.requestUri.replace(/\{\w+\}/, encodeURIComponent(String(KeyIdentifier)));
const body = JSON.stringify(inPath || KeyIdentifier === undefined ? input : { ...input, KeyIdentifier });
const { targetPrefix } = model.metadata;
const headers: Record<string, string> = targetPrefix
  ? { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `${targetPrefix}.${name}` }
  : { 'content-type': 'application/json' };
const endpoint = new URL(String(options.get('endpoint-url') ?? process.env.AWS_ENDPOINT_URL));
const scope = { region: process.env.AWS_REGION! };
const signed = await signRequest(
  endpoint.host,
  credentials(),
  { method: 'POST', path, headers, body },
  scope,
);
const response = await fetch(new URL(path, endpoint), { method: 'POST', headers: signed.headers, body });
const answer: unknown = await response.json();
if (response.ok) {
  const wanted = options.has('query') ? query(answer, String(options.get('query'))) : answer;
  console.log(options.get('output') === 'text' ? wanted : JSON.stringify(wanted, null, 4));
} else {
  console.error(`An error occurred: ${JSON.stringify(answer)}`);
  process.exitCode = 254;
}
