import type { SealStatus } from '../custody/custody.ts';
import type { MainKeyErrorCode } from '../custody/main-key.ts';
import type { HandedMainKey } from './hand-over.ts';

/** What custodians do; the primary does it for all. */
export type CustodyAction =
  | { readonly action: 'unseal'; readonly share: string }
  | { readonly action: 'status' | 'seal' | 'abort' };

/** How it went. */
export type CustodyAnswer =
  | { readonly status: SealStatus }
  | { readonly refused: { readonly code?: MainKeyErrorCode; readonly message: string } }
  | { readonly isSealed: true };

/** What a worker tells the primary: how far it is, what custodians ask of it, and that it holds, or has wiped, the main key. */
export type FromWorker =
  /** With a public key to be handed the main key under (hand-over.ts). */
  | { readonly type: 'prepared'; readonly publicKey: Uint8Array }
  | { readonly type: 'ready'; readonly url: string; readonly port: number }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'asked'; readonly id: number; readonly asked: CustodyAction }
  | { readonly type: 'settled'; readonly id: number };

/** What the primary tells a worker. */
export type ToWorker =
  | { readonly type: 'listen' }
  | { readonly type: 'close' }
  | { readonly type: 'answered'; readonly id: number; readonly answer: CustodyAnswer }
  /** Hold this main key. */
  | { readonly type: 'open'; readonly id: number; readonly handed: HandedMainKey }
  /** Wipe the main key. */
  | { readonly type: 'seal'; readonly id: number };
