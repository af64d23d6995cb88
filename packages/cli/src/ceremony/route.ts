import type { ImportKeyMaterial } from '@aws-sdk/client-payment-cryptography';
import type { Secret } from '@keywright/crypto';
import type { KekAlgorithm } from './kek-algorithm.ts';
import type { Prompts } from './prompts.ts';
import type { KeyService } from './service-client.ts';

export type KekUsage = 'TR31_K0_KEY_ENCRYPTION_KEY' | 'TR31_K1_KEY_BLOCK_PROTECTION_KEY';

/** A key on its way into the service. */
export interface Kek {
  readonly key: Secret;
  readonly kcv: string;
  readonly algorithm: KekAlgorithm;
  readonly usage: KekUsage;
  readonly exportable: boolean;
}

/** A way for one key into the service. What was made there for it goes with its disposal. */
export interface ImportRoute extends AsyncDisposable {
  /** The key as ImportKey takes it, encrypted for the service alone. */
  wrap(kek: Kek): ImportKeyMaterial;
}

/** What a route is opened with. */
export interface RouteContext {
  readonly prompts: Prompts;
  readonly service: KeyService;
  /** Milliseconds since 1970. */
  now(): number;
}
