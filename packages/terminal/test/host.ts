import {
  decodeHex,
  decryptPinBlock,
  deriveDukptKey,
  encodeHex,
  expandKey,
  formatAesKsn,
  formatTdesKsn,
  parseAesKsn,
  parseTdesKsn,
  retailMac,
} from '@keywright/crypto';
import type { PosTerminal } from '@keywright/terminal';
import { block, hex, ik, ks, PAN, pin } from './support.ts';

export type Scheme = 'TDES' | 'AES';

/** Both schemes' BDKs. */
export const BDKS: Readonly<Record<Scheme, string>> = {
  TDES: 'FEDCBA98765432100123456789ABCDEF',
  AES: 'FEDCBA9876543210F1F1F1F1F1F1F1F1',
};

export function schemeOf(ksn: string): Scheme {
  return ksn.length === 24 ? 'AES' : 'TDES';
}

/** The KSN of the host's terminal number `serial`, with counter zero. */
export function ksnOf(scheme: Scheme, serial: number): string {
  const id = decodeHex((BigInt('0xFFFF987600000000') + BigInt(serial) * 32n).toString(16).toUpperCase());
  const ksn = { initialKeyId: id, counter: 0 };
  return scheme === 'AES' ? formatAesKsn(ksn) : formatTdesKsn(ksn);
}

export function counterOf(ksn: string): number {
  return (schemeOf(ksn) === 'AES' ? parseAesKsn(ksn) : parseTdesKsn(ksn)).counter;
}

/** What ExportKey gives: the initial key of a KSN in a block of version D under the KEK. */
export function initialKeyBlock(kek: string, ksn: string, version = '00'): string {
  const scheme = schemeOf(ksn);
  using key = deriveDukptKey({ scheme, bdk: hex(BDKS[scheme]), ksn, usage: 'initial' });
  const optional = scheme === 'AES' ? ik(ksn.slice(0, 16)) : ks(ksn);
  return block(kek, 'D', `B1${scheme[0]}X${version}N`, key.expose(encodeHex), [optional]);
}

/** What a terminal answered, for the host to look at. */
export interface Answer {
  readonly ksn: string;
  readonly kind: 'pin' | 'data' | 'mac';
  readonly result: string;
}

const DATA = new TextEncoder().encode(';4111111111111111=30122010000000');
const USAGES = { pin: 'pin', data: 'data-request', mac: 'mac-request' } as const;

/** Has a terminal use a DUKPT key set. */
export async function ask(
  terminal: PosTerminal,
  slot: string,
  kind: Answer['kind'],
  scheme: Scheme,
): Promise<Answer> {
  const format = scheme === 'AES' ? 4 : 0;
  if (kind === 'pin') {
    const { pinBlock: result, ksn } = await terminal.encryptPin({ slot, pin: pin(), pan: PAN, format });
    return { ksn: ksn!, kind, result };
  }
  if (kind === 'data') {
    const { ciphertext: result, ksn } = await terminal.encryptData({ slot, data: DATA });
    return { ksn: ksn!, kind, result };
  }
  const { mac: result, ksn } = await terminal.generateMac({ slot, message: DATA });
  return { ksn: ksn!, kind, result };
}

/** Whether the host, from the BDK and the KSN alone, makes the same of it. */
export function hostAgrees({ ksn, kind, result }: Answer): boolean {
  const scheme = schemeOf(ksn);
  using key = deriveDukptKey({ scheme, bdk: hex(BDKS[scheme]), ksn, usage: USAGES[kind] });
  const bytes = decodeHex(result);
  if (kind === 'pin') {
    const format = scheme === 'AES' ? 'ISO_4' : 'ISO_0';
    using found = decryptPinBlock({ format, algorithm: scheme, key, pan: PAN, block: bytes });
    return found.equals(pin());
  }
  using cipher = expandKey(scheme, key);
  if (kind === 'data') {
    const clear = cipher.decryptCbc(new Uint8Array(cipher.blockLength), bytes);
    return Buffer.compare(clear, DATA) === 0;
  }
  const mac = scheme === 'AES' ? cipher.cmac(DATA).subarray(0, 8) : retailMac(key, DATA, 1);
  return encodeHex(mac) === result;
}
