import { packDigits } from '../bytes/digits.ts';
import type { BlockCipherName } from '../cipher/engine.ts';
import { PinBlockError } from './pin-block-error.ts';

/** The PIN block formats of ISO 9564-1:2017: 0 to 3 are blocks for TDES (section 9.3), 4 is for AES (9.4.2). */
export type PinBlockFormat = 'ISO_0' | 'ISO_1' | 'ISO_2' | 'ISO_3' | 'ISO_4';

/** Everything that tells one format from another. */
export interface FormatRules {
  /** The first digit of the PIN field. */
  readonly control: number;
  readonly algorithm: BlockCipherName;
  /** Bytes of the block: one block of the cipher. */
  readonly blockLength: 8 | 16;
  /** Lengths of the key in bytes. */
  readonly keyLengths: readonly number[];
  /** Lowest and highest digit of the fill behind the PIN; drawn at random where they differ. */
  readonly fill: readonly [lowest: number, highest: number];
  /** The PAN field that is added to the PIN field; formats without it don't bind a PIN to a card. */
  readonly panField?: (pan: string) => Uint8Array;
  /** Formats that a block of this one may become (PCI PIN Security, requirement 3). */
  readonly translatesTo: readonly PinBlockFormat[];
}

/** The rightmost 12 digits but the check digit, behind four zeros (9.3.2.3, 9.3.5.3). */
function shortPanField(pan: string): Uint8Array {
  const digits = pan.slice(-13, -1);
  return packDigits(digits, 8, 16 - digits.length);
}

/** How many digits more than 12 the PAN has, the PAN, and zeros up to the block (9.4.2.2.3). */
function wholePanField(pan: string): Uint8Array {
  const field = packDigits(pan, 16, 1);
  field[0]! |= (pan.length - 12) << 4;
  return field;
}

const TDES = { algorithm: 'TDES', blockLength: 8, keyLengths: [16, 24] } as const;
const AES = { algorithm: 'AES', blockLength: 16, keyLengths: [16, 24, 32] } as const;
const WITH_PAN = ['ISO_0', 'ISO_3', 'ISO_4'] as const;

const FORMATS: Record<PinBlockFormat, FormatRules> = {
  ISO_0: { ...TDES, control: 0, fill: [0xf, 0xf], panField: shortPanField, translatesTo: WITH_PAN },
  ISO_1: { ...TDES, control: 1, fill: [0x0, 0xf], translatesTo: [...WITH_PAN, 'ISO_1'] },
  // Format 2 is between a card and its reader: it never travels.
  ISO_2: { ...TDES, control: 2, fill: [0xf, 0xf], translatesTo: [] },
  ISO_3: { ...TDES, control: 3, fill: [0xa, 0xf], panField: shortPanField, translatesTo: WITH_PAN },
  ISO_4: { ...AES, control: 4, fill: [0xa, 0xa], panField: wholePanField, translatesTo: WITH_PAN },
};

/** @throws RangeError when there is no such format */
export function rulesOf(format: PinBlockFormat): FormatRules {
  if (!Object.hasOwn(FORMATS, format)) throw new RangeError('format must be one of ISO_0 to ISO_4');
  return FORMATS[format];
}

/**
 * The PAN field of a format; undefined for a format without one.
 *
 * @throws PinBlockError when the PAN is not 12 to 19 digits, is missing, or is given where it has no place
 */
export function panField(format: PinBlockFormat, pan: string | undefined): Uint8Array | undefined {
  const rules = rulesOf(format);
  if (rules.panField === undefined) {
    if (pan === undefined) return undefined;
    throw new PinBlockError(
      'PAN_NOT_USED',
      `${format} has no PAN: a PAN given would not be bound to the PIN`,
    );
  }
  if (pan === undefined) throw new PinBlockError('PAN_MISSING', `${format} needs the PAN`);
  if (!/^[0-9]{12,19}$/.test(pan)) {
    const message = `PAN must be 12 to 19 digits, got ${pan.length} characters`;
    throw new PinBlockError('PAN_INVALID', message);
  }
  return rules.panField(pan);
}
