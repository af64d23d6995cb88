import { type HashName, hmac } from '@keywright/crypto';
import type { KeyAlgorithm } from '../../api/control-plane.generated.ts';
import type { MacAlgorithm } from '../../api/data-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { SYMMETRIC_ALGORITHM_NAMES, symmetricRules } from '../../policy/symmetric-algorithm.ts';
import { oneOf } from '../../policy/wording.ts';
import type { Context } from '../operation.ts';
import { findUsableKey } from '../usable-key.ts';
import type { MacMode, WholeMac } from './block-cipher-mac.ts';
import { storedKeyAnswer } from './working-key.ts';

export type HashMacName = Extract<MacAlgorithm, `HMAC${string}`>;

const WITH_HASH = ['HMAC_SHA224', 'HMAC_SHA256', 'HMAC_SHA384', 'HMAC_SHA512'] as const;

/** A HMAC key has its hash. Keys of M7 from before there were such have none, so that the request names it. */
function hashOf(name: HashMacName, keyAlgorithm: KeyAlgorithm): HashName {
  const own = symmetricRules(keyAlgorithm);
  if (own.family === 'HMAC') {
    if (name === 'HMAC' || name === keyAlgorithm) return own.hash;
    throw invalid(`Algorithm ${name} is not that of the input key, which is ${keyAlgorithm}: use HMAC.`);
  }
  const named = name === 'HMAC' ? undefined : symmetricRules(name);
  if (named?.family === 'HMAC') return named.hash;
  throw invalid(
    `Algorithm HMAC names no hash, nor does the input key, ${keyAlgorithm}: use ${oneOf(WITH_HASH)}.`,
  );
}

/**
 * The HMAC of a message (FIPS 198-1).
 *
 * @throws AwsException when there is no such key, it may not do this, or its hash is another
 */
export async function hashMac(
  name: HashMacName,
  mode: MacMode,
  identifier: string,
  message: Uint8Array,
  context: Context,
): Promise<WholeMac> {
  const allowed = {
    usages: ['TR31_M7_HMAC_KEY'],
    algorithms: SYMMETRIC_ALGORITHM_NAMES,
    modes: [mode],
  } as const;
  const record = await findUsableKey(identifier, allowed, context);
  const hash = hashOf(name, record.attributes.KeyAlgorithm);
  using key = await context.vault.openKey(record);
  const mac = hmac(hash, key, message);
  return { answer: storedKeyAnswer(record, context), mac, usualLength: mac.length };
}
