// The ASN.1 of loading keys (SmartPIN L100 manual Rev H, pages 69 to 71): keys on their way in, and what became of each.
import {
  AsnConvert,
  AsnIntegerConverter,
  AsnProp,
  AsnPropTypes,
  AsnType,
  AsnTypeTypes,
  OctetString,
} from '@peculiar/asn1-schema';

const integer = { type: AsnPropTypes.Integer, converter: AsnIntegerConverter } as const;
const printable = { type: AsnPropTypes.PrintableString } as const;
const octets = { type: OctetString } as const;

export class KeyToLoad {
  /** A key block of version B. */
  tr31Key = '';
  keyType = 0;
  /** 10 bytes; zeros for a key that is not DUKPT. */
  ksn = new OctetString();
  keySlot = 0;
  keyName = '';
  /** 2 bytes. */
  kcv = new OctetString();
}
AsnProp(printable)(KeyToLoad.prototype, 'tr31Key');
AsnProp(integer)(KeyToLoad.prototype, 'keyType');
AsnProp(octets)(KeyToLoad.prototype, 'ksn');
AsnProp(integer)(KeyToLoad.prototype, 'keySlot');
AsnProp(printable)(KeyToLoad.prototype, 'keyName');
AsnProp(octets)(KeyToLoad.prototype, 'kcv');
AsnType({ type: AsnTypeTypes.Sequence })(KeyToLoad);

export class KeyContainer {
  version = 1;
  keys: KeyToLoad[] = [];
}
AsnProp(integer)(KeyContainer.prototype, 'version');
AsnProp({ type: KeyToLoad, repeated: 'set' })(KeyContainer.prototype, 'keys');
AsnType({ type: AsnTypeTypes.Sequence })(KeyContainer);

export class LoadedKey {
  keyName = '';
  /** 0: it was loaded. */
  errorCode = 0;
  errorMessage?: string;
  /** 2 bytes in the answer to function 3B, 3 in that to 3C. */
  kcv = new OctetString();
}
AsnProp(printable)(LoadedKey.prototype, 'keyName');
AsnProp(integer)(LoadedKey.prototype, 'errorCode');
AsnProp({ ...printable, optional: true })(LoadedKey.prototype, 'errorMessage');
AsnProp(octets)(LoadedKey.prototype, 'kcv');
AsnType({ type: AsnTypeTypes.Sequence })(LoadedKey);

export class LoadAnswer {
  version = 1;
  keys: LoadedKey[] = [];
}
AsnProp(integer)(LoadAnswer.prototype, 'version');
AsnProp({ type: LoadedKey, repeated: 'set' })(LoadAnswer.prototype, 'keys');
AsnType({ type: AsnTypeTypes.Sequence })(LoadAnswer);

export function encodeContainer(container: KeyContainer | LoadAnswer): Uint8Array {
  return new Uint8Array(AsnConvert.serialize(container));
}

function decode<T>(bytes: Uint8Array, type: new () => T): T | undefined {
  try {
    return AsnConvert.parse(Uint8Array.from(bytes), type);
  } catch {
    // What the line brings may be anything; what it is not, is all that there is to say.
    return undefined;
  }
}

/** @returns undefined when it is not a key container */
export function decodeContainer(bytes: Uint8Array): KeyContainer | undefined {
  return decode(bytes, KeyContainer);
}

/** @returns undefined when it is not an answer */
export function decodeAnswer(bytes: Uint8Array): LoadAnswer | undefined {
  return decode(bytes, LoadAnswer);
}
