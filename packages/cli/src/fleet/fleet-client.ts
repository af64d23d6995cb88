import { PaymentCryptography } from '@aws-sdk/client-payment-cryptography';
import { type ServiceOptions, serviceAddress } from '../ceremony/service-client.ts';
import { Failure } from '../failure.ts';
import { sendSigned } from '../signed-request.ts';

/** The service's interface for fleets, `/keywright/v1/fleet`, for whoever the credentials are. */
export interface FleetClient {
  /** @throws Failure with the service's exception and message */
  get<Output>(path: string, query?: Readonly<Record<string, string | undefined>>): Promise<Output>;
  /** @throws Failure with the service's exception and message */
  send<Output>(method: 'POST' | 'PUT', path: string, input: object): Promise<Output>;
}

const PREFIX = '/keywright/v1/fleet';

interface Refusal {
  readonly code?: string;
  readonly message?: string;
}

async function answerOf<Output>(response: Response): Promise<Output> {
  const answer = (await response.json()) as Output & Refusal;
  if (response.ok) return answer;
  throw new Failure(`${response.headers.get('x-amzn-errortype') ?? answer.code}: ${answer.message}`);
}

function queryOf(query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

/** Credentials are found as the AWS SDK finds them, or else those that the service on this machine wrote. */
export function connectToFleet(options: ServiceOptions): FleetClient {
  const address = serviceAddress(options);
  const { credentials } = new PaymentCryptography(address).config;
  const signer = { ...address, credentials };
  return {
    get: async (path, query = {}) =>
      answerOf(await sendSigned(signer, 'GET', `${PREFIX}${path}${queryOf(query)}`)),
    send: async (method, path, input) =>
      answerOf(await sendSigned(signer, method, `${PREFIX}${path}`, input)),
  };
}

/** Every page of a list, one after the other. */
export async function* pagesOf<Page extends { readonly nextToken?: string }>(
  fleet: FleetClient,
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
): AsyncGenerator<Page> {
  let nextToken: string | undefined;
  do {
    const page: Page = await fleet.get(path, { ...query, maxResults: '1000', nextToken });
    yield page;
    ({ nextToken } = page);
  } while (nextToken !== undefined);
}
