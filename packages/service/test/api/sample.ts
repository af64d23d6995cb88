import { wholeMatch } from '../../src/api/constraints.ts';
import { MODELS, type Plane, type Shape } from '../../src/api/model.ts';

const ARN = 'arn:aws:payment-cryptography:us-east-2:111122223333:key/kwapwa6qaifllw2h';

/** A value of each kind of text in the models; one of them fits every pattern. */
const TEXTS = [
  'alias/sample',
  ARN,
  'us-east-2',
  'somebody@example.com',
  'import-token-kwapwa6qaifllw2h',
  'export-token-kwapwa6qaifllw2h',
  'arn:aws:mpa:us-east-1:111122223333:session/team/session',
  'arn:aws:mpa:us-east-1:111122223333:approval-team/team',
  'AB',
];

function sampleText(name: string, { enum: values, pattern = '.*', min = 1, max = 64 }: Shape): string {
  const candidates = [...(values ?? []), ...TEXTS, '0'.repeat(min), '0'.repeat(max)];
  const found = candidates.find(
    (text) => wholeMatch(pattern).test(text) && text.length >= min && text.length <= max,
  );
  if (values) return values[0]!;
  if (found === undefined) throw new Error(`no sample for ${name}`);
  return found;
}

/** A value of a shape that keeps every constraint: all members, or of a union the one at `choice`. */
export function sample(plane: Plane, name: string, choice = 0): unknown {
  const shape = MODELS[plane].shapes[name]!;
  const of = (member: { readonly shape: string }) => sample(plane, member.shape, choice);
  const make: Record<Shape['type'], () => unknown> = {
    structure: () => {
      const members = Object.entries(shape.members ?? {});
      const chosen = shape.union ? [members[choice % members.length]!] : members;
      return Object.fromEntries(chosen.map(([key, member]) => [key, of(member)]));
    },
    list: () => [of(shape.member!)],
    map: () => ({ [of(shape.key!) as string]: of(shape.value!) }),
    string: () => sampleText(name, shape),
    integer: () => shape.min ?? 0,
    boolean: () => true,
    timestamp: () => 1698245002.065,
  };
  return make[shape.type]();
}

/** The most members that a union of the models has. */
export const MOST_CHOICES = 8;
