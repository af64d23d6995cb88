import { readCertificates } from './certificate-block.ts';
import type { AllowedDerivation, DecodedOptionalBlock, WrappingPedigree } from './decoded-optional-block.ts';
import { readIbmElements } from './ibm-block.ts';

/** Hash functions of HMAC keys (ANSI X9.143:2021, section 6.3.6.5, table 13). */
export const HMAC_HASHES: Readonly<Record<string, string>> = {
  10: 'SHA-1',
  20: 'SHA-224',
  21: 'SHA-256',
  22: 'SHA-384',
  23: 'SHA-512',
  24: 'SHA-512/224',
  25: 'SHA-512/256',
  30: 'SHA3-224',
  31: 'SHA3-256',
  32: 'SHA3-384',
  33: 'SHA3-512',
  40: 'SHAKE128',
  41: 'SHAKE256',
};

const PEDIGREES: readonly WrappingPedigree[] = [
  'equal or greater',
  'lesser',
  'asymmetric',
  'asymmetric and lesser',
];

/** UTC, with hundredths of a second or without (sections 6.3.6.13 and 6.3.6.14). */
const TIME =
  /^[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([01][0-9]|2[0-3])[0-5][0-9]([0-5][0-9]|60)([0-9]{2})?Z$/;
const DELIMITED_TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{2})?Z$/;

function isTime(text: string): boolean {
  return TIME.test(DELIMITED_TIME.test(text) ? text.replace(/[-T:.]/g, '') : text);
}

/** What an optional block is and how its data are read. */
export interface OptionalBlockRules {
  readonly name: string;
  readonly section: string;
  /** What the data must be, in words. */
  readonly expects: string;
  /** Reads the data; `undefined` when they are not what they must be. */
  readonly decode: (data: string) => DecodedOptionalBlock | undefined;
}

/** Reads data by a pattern; its groups go to `make`. */
function pattern(
  expression: RegExp,
  make: (...groups: string[]) => DecodedOptionalBlock | undefined,
): OptionalBlockRules['decode'] {
  return (data) => {
    const match = expression.exec(data);
    return match ? make(...match.slice(1)) : undefined;
  };
}

function checkValue(kind: 'KC' | 'KP' | 'PK', name: string, section: string): OptionalBlockRules {
  return {
    name,
    section,
    expects: '00 and up to 6 hexadecimal digits (legacy), or 01 and up to 10 (CMAC)',
    decode: pattern(
      /^(?:(00)((?:[0-9A-F]{2}){1,3})|(01)((?:[0-9A-F]{2}){1,5}))$/,
      (legacy, short, _, long) =>
        legacy === undefined ? { kind, method: 'CMAC', kcv: long! } : { kind, method: 'legacy', kcv: short! },
    ),
  };
}

function time(kind: 'TC' | 'TS', name: string, section: string): OptionalBlockRules {
  return {
    name,
    section,
    expects: 'a time in UTC: YYYYMMDDhhmmss[ss]Z or YYYY-MM-DDThh:mm:ss[.ss]Z',
    decode: (data) => (isTime(data) ? { kind, time: data } : undefined),
  };
}

function readDerivation(group: string): AllowedDerivation {
  return {
    keyUsage: group.slice(0, 2),
    algorithm: group[2]!,
    modeOfUse: group[3]!,
    exportability: group[4]!,
  };
}

/** The optional blocks that are defined (ANSI X9.143:2021, section 6.3.6, table 7), and IBM's. */
export const OPTIONAL_BLOCKS: Readonly<Record<string, OptionalBlockRules>> = {
  AL: {
    name: 'asymmetric key life',
    section: '6.3.6.1, table 8',
    expects: '01 (its version) and 00 (ephemeral) or 01 (static)',
    decode: pattern(/^01(00|01)$/, (life) => ({
      kind: 'AL',
      keyLife: life === '00' ? 'ephemeral' : 'static',
    })),
  },
  BI: {
    name: 'base derivation key identifier',
    section: '6.3.6.2, table 9',
    expects: '00 and 10 hexadecimal digits (TDES DUKPT key set id), or 01 and 8 (AES DUKPT BDK id)',
    decode: pattern(/^(?:00([0-9A-F]{10})|01([0-9A-F]{8}))$/, (tdes, aes) =>
      tdes === undefined
        ? { kind: 'BI', dukpt: 'AES', identifier: aes! }
        : { kind: 'BI', dukpt: 'TDES', identifier: tdes },
    ),
  },
  CT: {
    name: 'public key certificate',
    section: '6.3.6.3, tables 10 and 11',
    expects:
      '00 (X.509) or 01 (EMV) and base64, or 02 and a chain of format, four digits of length and base64',
    decode: (data) => {
      const certificates = readCertificates(data);
      return certificates && { kind: 'CT', certificates };
    },
  },
  DA: {
    name: 'derivations allowed',
    section: '6.3.6.4, table 12',
    expects:
      '01 (its version) and groups of key usage, algorithm, mode of use and exportability, 5 characters each',
    decode: pattern(/^01((?:[0-9A-Za-z]{5})+)$/, (groups) => ({
      kind: 'DA',
      derivations: groups!.match(/.{5}/g)!.map(readDerivation),
    })),
  },
  FL: {
    name: 'flags',
    section: '6.3.6, table 7',
    expects: 'at least one character',
    decode: pattern(/^(.+)$/, (flags) => ({ kind: 'FL', flags: flags! })),
  },
  HM: {
    name: 'hash algorithm of an HMAC key',
    section: '6.3.6.5, table 13',
    expects: `one of ${Object.keys(HMAC_HASHES).join(', ')}`,
    decode: (data) =>
      Object.hasOwn(HMAC_HASHES, data) ? { kind: 'HM', hash: HMAC_HASHES[data]! } : undefined,
  },
  IK: {
    name: 'initial key identifier (AES DUKPT)',
    section: '6.3.6.6, table 14',
    expects: '16 hexadecimal digits',
    decode: pattern(/^([0-9A-F]{16})$/, (initialKeyId) => ({ kind: 'IK', initialKeyId: initialKeyId! })),
  },
  KC: checkValue('KC', 'check value of the key', '6.3.6.7, table 15'),
  KP: checkValue('KP', 'check value of the key block protection key', '6.3.6.7, table 15'),
  KS: {
    name: 'initial key serial number (TDES DUKPT)',
    section: '6.3.6.8, table 16',
    expects: '20 hexadecimal digits',
    decode: pattern(/^([0-9A-F]{20})$/, (initialKsn) => ({ kind: 'KS', initialKsn: initialKsn! })),
  },
  KV: {
    name: 'key block values (deprecated)',
    section: '6.3.6.9, table 17',
    expects: '4 characters: the version of the values and a field for other uses',
    decode: pattern(/^(..)(..)$/, (version, other) => ({ kind: 'KV', version: version!, other: other! })),
  },
  LB: {
    name: 'label',
    section: '6.3.6.10, table 18',
    expects: 'at least one character',
    decode: pattern(/^(.+)$/, (label) => ({ kind: 'LB', label: label! })),
  },
  PB: {
    name: 'padding block',
    section: '6.3.6.11, table 19',
    expects: 'printable characters',
    decode: (padding) => ({ kind: 'PB', padding }),
  },
  PK: checkValue('PK', 'check value of the exporting key block protection key', '6.3.6.12, table 20'),
  TC: time('TC', 'time of creation', '6.3.6.13, table 21'),
  TS: time('TS', 'time stamp', '6.3.6.14, table 22'),
  WP: {
    name: 'wrapping pedigree',
    section: '6.3.6.15, table 23',
    expects: '00 (its version) and a digit from 0 to 3',
    decode: pattern(/^00([0-3])$/, (digit) => ({ kind: 'WP', pedigree: PEDIGREES[Number(digit)]! })),
  },
  10: {
    name: 'IBM',
    section: 'IBM',
    expects: 'IBMC and elements of two characters of tag, two digits of length and data',
    decode: (data) => {
      const elements = readIbmElements(data);
      return elements && { kind: '10', elements };
    },
  },
};
