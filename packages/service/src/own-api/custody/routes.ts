import type { CreateBackup } from '../../backup/create-backup.ts';
import { assertProtection, type Protection } from '../../backup/protection.ts';
import type { Custody } from '../../custody/custody.ts';
import { MAIN_KEY_KINDS } from '../../custody/main-key-files.ts';
import type { MainKeyRotation, RotationRequest } from '../../custody/main-key-rotation.ts';
import type { OwnRoute } from '../route.ts';
import { objectOf, TEXT } from '../schemas.ts';

const SHARE = { type: 'string', minLength: 1, maxLength: 200, format: 'password' };
/** Derived by scrypt where the passphrase was typed, with the parameters of `main-key-parameters`. */
const PASSPHRASE_KEY = {
  ...objectOf({
    parameters: { type: 'object' },
    key: { type: 'string', pattern: '^[0-9A-F]{64}$', format: 'password' },
  }),
  format: 'password',
};
const COUNT = { type: 'integer', minimum: 0 };
const STATUS = objectOf(
  { sealed: { type: 'boolean' }, given: COUNT, threshold: COUNT, shares: COUNT, setId: TEXT },
  ['given', 'threshold', 'shares', 'setId'],
);

const tag = 'Main key';
const to = ['operator', 'administrator'] as const;

const ROTATION = objectOf(
  {
    kind: { enum: MAIN_KEY_KINDS },
    mainKeyId: TEXT,
    rotating: { type: 'boolean' },
    retiring: TEXT,
    seen: COUNT,
    resealed: COUNT,
    failed: COUNT,
  },
  ['retiring', 'seen', 'resealed', 'failed'],
);

type Input = RotationRequest & { readonly share: string; readonly protection?: Protection };
interface Means {
  readonly custody: Custody;
  readonly mainKeyRotation: MainKeyRotation;
  readonly createBackup: CreateBackup;
}
type Answer = (input: Input, context: Means) => Promise<object>;

/** What is done with a service whose main key is in shares. Custodians need no signature: each is known by his share. */
export const custodyRoutes: readonly (OwnRoute & { readonly run: Answer })[] = [
  {
    name: 'GetSealStatus',
    method: 'GET',
    path: '/unseal',
    tag,
    summary: 'Whether the service is sealed, and how many shares are there',
    to: 'anybody',
    whenSealed: true,
    answer: STATUS,
    run: async (_input, { custody }) => custody.status,
  },
  {
    name: 'Unseal',
    method: 'POST',
    path: '/unseal',
    tag,
    summary: "Give one custodian's share",
    to: 'anybody',
    whenSealed: true,
    body: { share: SHARE },
    answer: STATUS,
    run: async ({ share }, { custody }) => custody.unseal(share),
  },
  {
    name: 'AbortUnsealing',
    method: 'POST',
    path: '/unseal/abort',
    tag,
    summary: 'Wipe the shares that are there',
    to,
    whenSealed: true,
    answer: STATUS,
    run: async (_input, { custody }) => custody.abortUnsealing(),
  },
  {
    name: 'GetMainKey',
    method: 'GET',
    path: '/main-key',
    tag,
    summary: 'Which main key seals, and how far a rotation of it is',
    to: ['operator', 'administrator', 'auditor'],
    answer: ROTATION,
    run: async (_input: Input, { mainKeyRotation }: Means) => mainKeyRotation.status,
  },
  {
    name: 'RotateMainKey',
    method: 'POST',
    path: '/main-key/rotate',
    tag,
    summary: 'Put another main key in the place of the present one, while requests go on',
    to,
    body: {
      kind: { enum: MAIN_KEY_KINDS },
      passphraseKey: PASSPHRASE_KEY,
      set: { type: 'object' },
      shares: { type: 'array', items: SHARE, maxItems: 9, format: 'password' },
    },
    optional: ['passphraseKey', 'set', 'shares'],
    answer: ROTATION,
    run: (request: Input, { mainKeyRotation }: Means) => mainKeyRotation.start(request),
  },
  {
    name: 'CreateBackup',
    method: 'POST',
    path: '/backups',
    tag,
    summary: 'A copy of all that is kept, of one moment, useless without the main key',
    to,
    body: {
      protection: {
        ...PASSPHRASE_KEY,
        description: 'The key of a passphrase, for a main key that is in a file',
      },
    },
    optional: ['protection'],
    mediaType: 'application/octet-stream',
    answer: { type: 'string', format: 'binary' },
    check: async ({ protection }: Input, { custody }: Means) => assertProtection(custody.kind, protection),
    run: ({ protection }: Input, { createBackup }: Means) => createBackup(protection),
  },
  {
    name: 'Seal',
    method: 'POST',
    path: '/seal',
    tag,
    summary: 'Wipe the main key until custodians unseal the service',
    to,
    whenSealed: true,
    answer: STATUS,
    run: async (_input, { custody }) => custody.seal(),
  },
];
