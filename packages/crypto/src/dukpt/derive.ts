import type { Secret } from '../bytes/secret.ts';
import { AES } from './aes.ts';
import { DukptError } from './dukpt-error.ts';
import type { DukptSchemeName, Ksn } from './ksn.ts';
import { type DukptScheme, deriveTransactionKey, oneBits } from './scheme.ts';
import { TDES } from './tdes.ts';
import type { DukptKeyType, DukptUsage } from './usage.ts';

const SCHEMES: Record<DukptSchemeName, DukptScheme> = { TDES, AES };

interface Derivation {
  scheme: DukptSchemeName;
  /** TDES: 20 hexadecimal digits, or 16; AES: 24 */
  ksn: string;
  /** By default the type of the BDK; TDES DUKPT derives TDES_2KEY only. */
  keyType?: DukptKeyType;
}

function deriveInitial(scheme: DukptScheme, bdk: Secret, ksn: Ksn, keyType: DukptKeyType): Secret {
  if (keyType !== scheme.typeOf(bdk)) {
    const message = `the initial key is of the BDK's own type, ${scheme.typeOf(bdk)}, not ${keyType}`;
    throw new DukptError('KEY_TYPE', message);
  }
  return scheme.deriveInitialKey(bdk, ksn.initialKeyId);
}

/**
 * Derives a DUKPT key as the host does, from the BDK: ANSI X9.24-1:2009, annex A (TDES) or ANSI X9.24-3:2017 (AES).
 *
 * A counter with more one-bits than a terminal uses (TDES: 10, AES: 16) is derived all the same: the key harms nobody, and the
 * standard's published examples contain one.
 *
 * @param options.bdk TDES: 16 bytes; AES: 16, 24 or 32
 * @param options.usage `initial` gives the terminal's initial key, whatever the KSN's counter
 * @throws DukptError
 */
export function deriveDukptKey(options: Derivation & { bdk: Secret; usage: DukptUsage | 'initial' }): Secret {
  const { bdk, usage } = options;
  const scheme = SCHEMES[options.scheme];
  const ksn = scheme.parseKsn(options.ksn);
  const keyType = options.keyType ?? scheme.typeOf(bdk);
  if (usage === 'initial') return deriveInitial(scheme, bdk, ksn, keyType);
  return deriveTransactionKey(scheme, bdk, true, ksn, { usage, keyType });
}

/**
 * Derives a DUKPT key from a terminal's initial key, without the registers of a terminal. It refuses the counters that
 * terminals skip (ANSI X9.24-1:2009, A.3; ANSI X9.24-3:2017, 6.5).
 *
 * @param options.initialKey TDES: 16 bytes; AES: 16, 24 or 32
 * @throws DukptError
 */
export function deriveTerminalKey(options: Derivation & { initialKey: Secret; usage: DukptUsage }): Secret {
  const { initialKey, usage } = options;
  const scheme = SCHEMES[options.scheme];
  const ksn = scheme.parseKsn(options.ksn);
  const ones = oneBits(ksn.counter).length;
  if (ones > scheme.mostOneBits) {
    const message = `the KSN's counter has ${ones} one-bits; a terminal skips those with more than ${scheme.mostOneBits}`;
    throw new DukptError('COUNTER_SKIPPED', message);
  }
  const keyType = options.keyType ?? scheme.typeOf(initialKey);
  return deriveTransactionKey(scheme, initialKey, false, ksn, { usage, keyType });
}
