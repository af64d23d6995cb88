import type { ServiceOptions } from '../ceremony/service-client.ts';
import { connectToOwn } from '../people/own-client.ts';

/** Whether the service is sealed and, where custodians unseal it, how far they are. */
export interface SealStatus {
  readonly sealed: boolean;
  readonly given?: number;
  readonly threshold?: number;
  readonly shares?: number;
  readonly setId?: string;
}

/** Which main key seals, and how far a rotation of it is. */
export interface MainKeyStatus {
  readonly kind: string;
  readonly mainKeyId: string;
  readonly rotating: boolean;
  readonly retiring?: string;
  readonly seen?: number;
  readonly resealed?: number;
  readonly failed?: number;
}

/** The service's interface for its main key. */
export interface CustodyService {
  readonly endpoint: string;
  status(): Promise<SealStatus>;
  /** @throws OwnRefusal when the share is refused; the ones before it stay */
  unseal(share: string): Promise<SealStatus>;
  abort(): Promise<SealStatus>;
  seal(): Promise<SealStatus>;
  mainKey(): Promise<MainKeyStatus>;
  rotate(request: object): Promise<MainKeyStatus>;
}

/** Custodians need no credentials; for the rest it is who signed in, or whose access key is found. */
export function connectToCustody(options: ServiceOptions): CustodyService {
  const { endpoint, send, sendOpenly } = connectToOwn(options);
  return {
    endpoint,
    status: () => sendOpenly('GET', '/unseal'),
    unseal: (share) => sendOpenly('POST', '/unseal', { share }),
    abort: () => send('POST', '/unseal/abort', {}),
    seal: () => send('POST', '/seal', {}),
    mainKey: () => send('GET', '/main-key'),
    rotate: (request) => send('POST', '/main-key/rotate', request),
  };
}
