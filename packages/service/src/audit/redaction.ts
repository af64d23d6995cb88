import { hideMaterial } from '../api/failure.ts';
import { MODELS, type Plane, type Shape } from '../api/model.ts';
import { OPERATIONS, type OperationName } from '../api/operations.ts';

/** What AWS writes in CloudTrail in the place of a sensitive value. */
export const REDACTED = '*** Sensitive Data Redacted ***';

/**
 * The texts that are recorded as they are: identifiers and codes whose form the model fixes. None of them can be a key, a PIN, a
 * PAN or what a PIN is checked with. A text of a shape that is in neither list is redacted.
 */
export const RECORDED: ReadonlySet<string> = new Set([
  'AliasName',
  'ExportTokenId',
  'HexLength16Or20Or24',
  'HexLength20Or24',
  'HexLengthBetween2And4',
  'HexLengthBetween2And8',
  'HexLengthEquals1',
  'HexLengthEquals4',
  'HexLengthEquals8',
  'ImportTokenId',
  'KeyArn',
  'KeyArnOrKeyAliasType',
  'KeyCheckValue',
  'KeyVersion',
  'MpaSessionArn',
  'MpaTeamArn',
  'NumberLengthEquals2',
  'Region',
  'ResourceArn',
]);

/** Texts that people choose freely: recorded but for runs of characters that could be a key or a PAN. */
export const FREE_TEXT: ReadonlySet<string> = new Set([
  'CertificateSubjectTypeCityString',
  'CertificateSubjectTypeCommonNameString',
  'CertificateSubjectTypeCountryString',
  'CertificateSubjectTypeEmailAddressString',
  'CertificateSubjectTypeOrganizationString',
  'CertificateSubjectTypeOrganizationUnitString',
  'CertificateSubjectTypeStateOrProvinceString',
  'MpaStatusMessage',
  'ResourcePolicy',
  'String',
  'TagKey',
  'TagValue',
]);

/** Writes a value of one shape as JSON, without what must not be recorded. */
type Writer = (value: unknown) => string;

const redacted: Writer = () => JSON.stringify(REDACTED);
const plain: Writer = (value) => JSON.stringify(value);
const freeText: Writer = (value) => JSON.stringify(hideMaterial(String(value)));

function textWriter(name: string, shape: Shape): Writer {
  if (shape.sensitive) return redacted;
  if (shape.enum || RECORDED.has(name)) return plain;
  return FREE_TEXT.has(name) ? freeText : redacted;
}

function listWriter(write: Writer): Writer {
  return (value) => `[${(value as unknown[]).map(write).join(',')}]`;
}

/** CloudTrail writes the first letter of a member in lower case. */
function labelOf(member: string): string {
  return `${JSON.stringify(member.charAt(0).toLowerCase() + member.slice(1))}:`;
}

/** How a member is written, as the first of its structure and as a later one. What is always redacted is written with its label. */
function memberWriter([name, write]: readonly [name: string, write: Writer]) {
  const constant = write === redacted;
  const label = labelOf(name) + (constant ? redacted(undefined) : '');
  return { name, first: `{${label}`, next: `,${label}`, write: constant ? () => '' : write };
}

function structureWriter(members: readonly (readonly [name: string, write: Writer])[]): Writer {
  const writers = members.map(memberWriter);
  return (value) => {
    let text = '';
    for (const { name, first, next, write } of writers) {
      const content = (value as Record<string, unknown>)[name];
      if (content !== undefined) text += (text === '' ? first : next) + write(content);
    }
    return text === '' ? '{}' : `${text}}`;
  };
}

function mapWriter(writeValue: Writer): Writer {
  return (value) => {
    const entries = Object.entries(value as object);
    return `{${entries.map(([name, content]) => `${JSON.stringify(name)}:${writeValue(content)}`).join(',')}}`;
  };
}

/** The writers of a model's shapes, each made once. A map is written only when its names may be. */
function shapeWriters(plane: Plane): (name: string) => Writer {
  const { shapes } = MODELS[plane];
  const made = new Map<string, Writer>();

  function make(name: string, shape: Shape): Writer {
    if (shape.sensitive) return redacted;
    switch (shape.type) {
      case 'structure':
        return structureWriter(
          Object.entries(shape.members ?? {}).map(([member, { shape: of }]) => [member, writerOf(of)]),
        );
      case 'list':
        return listWriter(writerOf(shape.member!.shape));
      case 'map':
        return writerOf(shape.key!.shape) === plain ? mapWriter(writerOf(shape.value!.shape)) : redacted;
      case 'string':
        return textWriter(name, shape);
      default:
        return plain;
    }
  }

  function writerOf(name: string): Writer {
    const writer = made.get(name) ?? make(name, shapes[name]!);
    made.set(name, writer);
    return writer;
  }
  return writerOf;
}

const writerOf = { control: shapeWriters('control'), data: shapeWriters('data') };

/** How the input and the output of each operation are recorded; made at start, from the models. */
const WRITERS: ReadonlyMap<string, { readonly input: Writer; readonly output: Writer }> = new Map(
  Array.from(OPERATIONS.values(), ({ name, plane, input, output }) => [
    name,
    { input: writerOf[plane](input), output: writerOf[plane](output) },
  ]),
);

/** An operation's input, which has passed the model's validation, as JSON without what is sensitive. */
export function redactInput(operation: OperationName, input: unknown): string {
  return WRITERS.get(operation)!.input(input);
}

/** An operation's output as JSON without what is sensitive. */
export function redactOutput(operation: OperationName, output: unknown): string {
  return WRITERS.get(operation)!.output(output);
}

/**
 * The members of a request that has no model: those that are named, where they are texts, numbers, booleans or lists of them.
 * Others may not even be named: a client chooses names as well as values.
 */
export function redactMembers(
  members: Readonly<Record<string, unknown>>,
  recorded: readonly string[],
): string {
  const shown = recorded.filter((name) => members[name] !== undefined);
  return `{${shown.map((name) => `${JSON.stringify(name)}:${writeMember(members[name])}`).join(',')}}`;
}

function writeMember(value: unknown): string {
  if (typeof value === 'string') return freeText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return plain(value);
  return Array.isArray(value) ? listWriter(writeMember)(value) : redacted(value);
}
