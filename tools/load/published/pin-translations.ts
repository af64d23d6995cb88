import { type Arns, KEYS } from './keys.ts';
import { pinBlock } from './outside.ts';
import type { PublishedCall } from './published-call.ts';

/** A PIN block as a terminal sends it, and what is in it. */
export interface SentPin {
  readonly bdk: string;
  readonly scheme: 'TDES' | 'AES';
  readonly ksn: string;
  readonly block: string;
  readonly pin: string;
  readonly pan: string;
}

/** A terminal's PIN block, translated to format 0: the same PIN must be in it, to the byte. */
export function pinTranslation({ pek }: Arns, { bdk, scheme, ksn, block, pin, pan }: SentPin): PublishedCall {
  const card = { PrimaryAccountNumber: pan };
  return {
    operation: 'TranslatePinData',
    path: '/pindata/translate',
    input: {
      IncomingKeyIdentifier: bdk,
      IncomingDukptAttributes: {
        KeySerialNumber: ksn,
        DukptKeyDerivationType: scheme === 'TDES' ? 'TDES_2KEY' : 'AES_128',
      },
      IncomingTranslationAttributes: scheme === 'TDES' ? { IsoFormat0: card } : { IsoFormat4: card },
      EncryptedPinBlock: block,
      OutgoingKeyIdentifier: pek,
      OutgoingTranslationAttributes: { IsoFormat0: card },
    },
    expected: { PinBlock: pinBlock('TDES', KEYS.pek.hex, pin, pan) },
  };
}

/** PIN blocks of X9.24's examples: X9.24-1:2009, A.4.2, and the supplement of X9.24-3:2017. */
export function pinTranslations(arns: Arns): PublishedCall[] {
  const tdes = { bdk: arns.bdk, scheme: 'TDES', pin: '1234', pan: '4012345678909' } as const;
  const aes = { bdk: arns.aesBdk, scheme: 'AES', pin: '1234', pan: '4111111111111111' } as const;
  return [
    pinTranslation(arns, { ...tdes, ksn: 'FFFF9876543210E00001', block: '1B9C1845EB993A7A' }),
    pinTranslation(arns, {
      ...aes,
      ksn: '123456789012345600000001',
      block: 'A912150391AB65A67E52883D81CE2D15',
    }),
  ];
}
