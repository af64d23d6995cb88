import type { CipherEngine } from '../engine.ts';
import { FastCipher } from './cipher.ts';
import { deriveAesDukptKey, deriveTdesDukptKey } from './dukpt.ts';
import { FastKeyBlockCipher } from './key-block-cipher.ts';
import { startModule } from './module.ts';
import { translatePin } from './pin.ts';
import { Slots } from './slots.ts';

/** Starts the fast engine; `undefined` where WebAssembly, or its vector instructions, are not to be had. */
export function startFastEngine(): CipherEngine | undefined {
  const module = startModule();
  if (module === undefined) return undefined;
  const slots = new Slots(module);
  return {
    name: 'fast',
    expandKey: (name, key) => new FastCipher(module, slots, name, key),
    composite: {
      keyBlockCipher: (kbpk, derivation) => new FastKeyBlockCipher(module, slots, kbpk, derivation),
      tdesDukptKey: (key, walk, variant, oneWay) => deriveTdesDukptKey(module, key, walk, variant, oneWay),
      aesDukptKey: (key, walk, working) => deriveAesDukptKey(module, key, walk, working),
      translatesPin: (from, to) => from instanceof FastCipher && to instanceof FastCipher,
      translatePin: (incoming, outgoing, block, random) =>
        translatePin(module, incoming, outgoing, block, random),
    },
  };
}
