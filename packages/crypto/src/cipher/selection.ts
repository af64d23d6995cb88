import type { CipherEngine } from './engine.ts';
import { startFastEngine } from './fast/engine.ts';
import { openssl } from './openssl.ts';

/**
 * The engines: `fast` is WebAssembly with vector instructions, without a memory access or a branch that depends on a key;
 * `openssl` is Node's own, the reference.
 */
export const CIPHER_ENGINES = ['fast', 'openssl'] as const;
export type CipherEngineName = (typeof CIPHER_ENGINES)[number];

export function isCipherEngineName(name: string): name is CipherEngineName {
  return (CIPHER_ENGINES as readonly string[]).includes(name);
}

let selected: CipherEngine | undefined;
let fast: CipherEngine | null | undefined;

/** Starts the fast engine once; `null` where it can't run. */
function fastEngine(): CipherEngine | null {
  fast ??= startFastEngine() ?? null;
  return fast;
}

/** The engine in use. */
export function cipherEngine(): CipherEngine {
  selected ??= fastEngine() ?? openssl;
  return selected;
}

/** The name of the engine in use: the fast one, where it can run and no other was picked. */
export function cipherEngineName(): CipherEngineName {
  return cipherEngine() === openssl ? 'openssl' : 'fast';
}

/**
 * Picks the engine for keys that are expanded from now on; those that are expanded already stay with theirs.
 *
 * @returns the engine that is in use now: OpenSSL where `fast` was asked for and can't run here
 */
export function selectCipherEngine(name: CipherEngineName): CipherEngineName {
  selected = (name === 'fast' ? fastEngine() : null) ?? openssl;
  return cipherEngineName();
}
