import { PaymentCryptography } from '@aws-sdk/client-payment-cryptography';
import { ask } from '../ceremony/ask.ts';
import { type ServiceOptions, serviceAddress } from '../ceremony/service-client.ts';
import { Failure } from '../failure.ts';
import { sendSigned } from '../signed-request.ts';

/** Whether the service is sealed and, where custodians unseal it, how far they are. */
export interface SealStatus {
  readonly sealed: boolean;
  readonly given?: number;
  readonly threshold?: number;
  readonly shares?: number;
  readonly setId?: string;
}

/** The service's interface for its main key. */
export interface CustodyService {
  readonly endpoint: string;
  status(): Promise<SealStatus>;
  /** @throws Refused when the share is refused; the ones before it stay */
  unseal(share: string): Promise<SealStatus>;
  abort(): Promise<SealStatus>;
  seal(): Promise<SealStatus>;
}

/** The service refused; the message says why. */
export class Refused extends Failure {}

const PREFIX = '/keywright/v1';

async function answerOf<Output>(response: Response): Promise<Output> {
  const answer = (await response.json()) as Output & { message?: string; Message?: string };
  if (response.ok) return answer;
  throw new Refused(answer.message ?? answer.Message ?? `the service answered ${response.status}`);
}

/** Custodians need no credentials; for the rest they are found as the AWS SDK finds them. */
export function connectToCustody(options: ServiceOptions): CustodyService {
  const address = serviceAddress(options);
  const { endpoint } = address;
  const open = async (body?: object): Promise<SealStatus> => {
    const headers = { 'content-type': 'application/json' };
    const request = body ? { method: 'POST', headers, body: JSON.stringify(body) } : {};
    return answerOf(await ask('unseal', () => fetch(new URL(`${PREFIX}/unseal`, endpoint), request)));
  };
  const signed = async (path: string): Promise<SealStatus> => {
    const { credentials } = new PaymentCryptography(address).config;
    const send = () => sendSigned({ ...address, credentials }, 'POST', `${PREFIX}/${path}`, {});
    return answerOf(await ask(path, send));
  };
  return {
    endpoint,
    status: () => open(),
    unseal: (share) => open({ share }),
    abort: () => signed('unseal/abort'),
    seal: () => signed('seal'),
  };
}
