import type { Custody } from '../../custody/custody.ts';
import type { OwnRoute } from '../route.ts';
import { objectOf, TEXT } from '../schemas.ts';

const SHARE = { type: 'string', minLength: 1, maxLength: 200, format: 'password' };
const COUNT = { type: 'integer', minimum: 0 };
const STATUS = objectOf(
  { sealed: { type: 'boolean' }, given: COUNT, threshold: COUNT, shares: COUNT, setId: TEXT },
  ['given', 'threshold', 'shares', 'setId'],
);

const tag = 'Main key';
const to = ['operator', 'administrator'] as const;

type Answer = (input: { readonly share: string }, context: { readonly custody: Custody }) => Promise<object>;

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
