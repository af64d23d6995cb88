import { openEcdhRoute } from './ecdh-route.ts';
import { KEK_ALGORITHMS, type KekAlgorithm } from './kek-algorithm.ts';
import type { ImportRoute, RouteContext } from './route.ts';
import { openRsaRoute } from './rsa-route.ts';

const ROUTES = { RSA: openRsaRoute, ECDH: openEcdhRoute } as const;

/**
 * Asks the service, before any component is typed, for a public key that is strong enough for the key, and verifies it.
 *
 * @throws Failure when the service refuses, or its certificate does not verify
 */
export function openRoute(algorithm: KekAlgorithm, context: RouteContext): Promise<ImportRoute> {
  return ROUTES[KEK_ALGORITHMS[algorithm].route](context);
}
