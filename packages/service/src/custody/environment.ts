import { concat } from '@keywright/crypto';
import type { CustodyStore } from '../store/custody-store.ts';
import { type MainKeyProvider, SealError } from './main-key.ts';
import { headerOf } from './sealing.ts';

export const DEFAULT_ENVIRONMENT = 'development';
/** Sealed bytes of this version are from before environments had names. */
const UNNAMED = 1;

/** The database is of another environment than the configuration says. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** A JSON array, and so never the beginning of another one with more in it. */
function prefixOf(environment: string): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(['keywright environment 1', environment]));
}

/**
 * A main key whose sealed bytes open only in the environment that they were sealed in. Bytes from before environments had
 * names open in the default one and in no other.
 */
export function boundToEnvironment(
  environment: string,
  mainKey: Pick<MainKeyProvider, 'seal' | 'open'>,
): Pick<MainKeyProvider, 'seal' | 'open'> {
  const prefix = prefixOf(environment);
  return {
    seal: (clear, associatedData) => mainKey.seal(clear, concat(prefix, associatedData)),
    async open(sealed, associatedData) {
      if (headerOf(sealed).version !== UNNAMED) return mainKey.open(sealed, concat(prefix, associatedData));
      if (environment !== DEFAULT_ENVIRONMENT) throw new SealError();
      return mainKey.open(sealed, associatedData);
    },
  };
}

/**
 * Writes the environment's name into a new database, and holds an older one to the name that it has.
 *
 * @throws EnvironmentError when the database has another name
 */
export async function settleEnvironment(
  store: Pick<CustodyStore, 'settleSetting'>,
  environment: string,
): Promise<void> {
  const settled = await store.settleSetting('environment', environment);
  if (settled === environment) return;
  throw new EnvironmentError(
    `the database is of the environment "${settled}", and KEYWRIGHT_ENVIRONMENT says "${environment}": what is sealed in it opens under its own name only, and the name cannot be changed; set KEYWRIGHT_ENVIRONMENT=${settled}, or give this environment a data directory of its own`,
  );
}
