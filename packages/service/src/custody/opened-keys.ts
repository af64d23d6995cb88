import { equal, type Secret } from '@keywright/crypto';
import { onceFor } from '../memo.ts';
import { BoundedCache } from '../store/bounded-cache.ts';
import type { KeyRecord } from '../store/records/key.ts';
import { bindingOfKey } from './binding.ts';
import type { Vault } from './vault.ts';

/** Keys that are kept open at most. */
const MOST_OPEN = 4096;
/** Milliseconds after a change for which a key stays open whose record was not seen again. */
const UNSEEN_TIME = 1000;

interface Opened {
  /** The record that is known to be this key's. */
  record: KeyRecord;
  readonly sealed: Uint8Array;
  readonly binding: Uint8Array;
  /** Whoever opens the key gets a share of it. The bytes are wiped with the last share, once it is no longer kept. */
  readonly secret: Secret;
  /** How often everything had been doubted when the record was last seen. */
  seen: number;
}

/** A vault that keeps keys open that were used lately. */
export interface KeepingVault extends Vault {
  /** The records may have changed: the key of each that is not seen again soon is wiped. */
  doubt(): void;
  /** Keeps no key open any more. */
  close(): void;
}

const nameOf = onceFor(({ region, keyId }: KeyRecord) => `${region} ${keyId}`);

function isOf(opened: Opened, record: KeyRecord): boolean {
  if (opened.record === record) return true;
  return (
    record.sealed !== undefined &&
    equal(opened.sealed, record.sealed) &&
    equal(opened.binding, bindingOfKey(record))
  );
}

/**
 * Keeps opened keys, so that the keys in use are not unsealed for each request. A kept key is given out for the very record that it was
 * opened from, or for one of the same sealed bytes under the same binding: for these, and no others, it is what unsealing would give.
 *
 * A record that was changed gets new sealed bytes (`resealKey`), so a key that was disabled, deleted or changed is not given out for
 * it; who asks for a disabled key at all is refused before (policy/key-use.ts).
 */
export function keepOpened(vault: Vault): KeepingVault {
  const opened = new BoundedCache<Opened>(MOST_OPEN, ({ secret }) => secret[Symbol.dispose]());
  let epoch = 0;
  let sweep: NodeJS.Timeout | undefined;

  async function openAnew(name: string, record: KeyRecord): Promise<Secret> {
    opened.delete(name);
    const secret = await vault.openKey(record);
    opened.set(name, { record, sealed: record.sealed!, binding: bindingOfKey(record), secret, seen: epoch });
    return secret.share();
  }

  function sweepUnseen(): void {
    sweep = undefined;
    opened.clear(({ seen }) => seen < epoch);
  }

  return {
    ...vault,
    get isSealed() {
      return vault.isSealed;
    },
    openKey(record) {
      const name = nameOf(record);
      const known = opened.get(name);
      if (known === undefined || !isOf(known, record)) return openAnew(name, record);
      known.record = record;
      known.seen = epoch;
      return Promise.resolve(known.secret.share());
    },
    resealKey(record, changes) {
      opened.delete(nameOf(record));
      return vault.resealKey(record, changes);
    },
    doubt() {
      epoch += 1;
      sweep ??= setTimeout(sweepUnseen, UNSEEN_TIME).unref();
    },
    close() {
      clearTimeout(sweep);
      opened.clear();
    },
  };
}
