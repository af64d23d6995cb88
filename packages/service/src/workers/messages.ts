import type { SealStatus } from '../custody/custody.ts';
import type { MainKeyErrorCode } from '../custody/main-key.ts';
import type { MainKeyKind } from '../custody/main-key-files.ts';
import type { RotationRequest, RotationStatus } from '../custody/main-key-rotation.ts';
import type { Figures } from '../metrics/meters.ts';
import type { HandedMainKey } from './hand-over.ts';

/** What is done with the main key; the primary does it for all. */
export type CustodyAction =
  | { readonly action: 'unseal'; readonly share: string }
  | { readonly action: 'status' | 'seal' | 'abort' | 'rotation' }
  | { readonly action: 'rotate'; readonly request: RotationRequest };

/** How it went. */
export type CustodyAnswer =
  | { readonly status: SealStatus | RotationStatus }
  | { readonly refused: { readonly code?: MainKeyErrorCode; readonly message: string } }
  | { readonly isSealed: true };

/** The main keys that the primary holds: the one that seals and, during a rotation, another; none while the service is sealed. */
export interface HeldMainKeys {
  readonly kind: MainKeyKind;
  readonly keys: readonly HandedMainKey[];
}

/** What a worker tells the primary: how far it is, what is asked of it, and that it holds what the primary does. */
export type FromWorker =
  /** With a public key to be handed the main key under (hand-over.ts). */
  | { readonly type: 'prepared'; readonly publicKey: Uint8Array }
  | { readonly type: 'ready'; readonly url: string; readonly port: number }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'asked'; readonly id: number; readonly asked: CustodyAction }
  | { readonly type: 'settled'; readonly id: number }
  | { readonly type: 'measured'; readonly id: number; readonly figures: Figures };

/** What the primary tells a worker. */
export type ToWorker =
  | { readonly type: 'listen' }
  | { readonly type: 'close' }
  | { readonly type: 'answered'; readonly id: number; readonly answer: CustodyAnswer }
  /** Hold these main keys, and wipe others. */
  | { readonly type: 'hold'; readonly id: number; readonly held: HeldMainKeys }
  | { readonly type: 'measure'; readonly id: number };
