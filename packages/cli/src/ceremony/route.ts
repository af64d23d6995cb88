import type { ImportKeyMaterial } from '@aws-sdk/client-payment-cryptography';
import type { Ceremony } from './ceremony.ts';
import { openEcdhRoute } from './ecdh-route.ts';
import type { Kek } from './import-kek.ts';
import { KEK_ALGORITHMS, type KekAlgorithm } from './kek-algorithm.ts';
import { openRsaRoute } from './rsa-route.ts';

/** A way for one key into the service. What was made there for it goes with its disposal. */
export interface ImportRoute extends AsyncDisposable {
  /** The key as ImportKey takes it, encrypted for the service alone. */
  wrap(kek: Kek): ImportKeyMaterial;
}

/** What a route is opened with. */
export type RouteContext = Pick<Ceremony, 'prompts' | 'service' | 'now'>;

const ROUTES = { RSA: openRsaRoute, ECDH: openEcdhRoute } as const;

/**
 * Asks the service, before any component is typed, for a public key that is strong enough for the key, and verifies it.
 *
 * @throws Failure when the service refuses, or its certificate does not verify
 */
export function openRoute(algorithm: KekAlgorithm, context: RouteContext): Promise<ImportRoute> {
  return ROUTES[KEK_ALGORITHMS[algorithm].route](context);
}
