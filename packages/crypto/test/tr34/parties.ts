import { createPrivateKey } from 'node:crypto';
import pki from '../../../../vectors/tr34-pki.json' with { type: 'json' };
import { decodeHex, type KeyPairOwner, type Secret, Tr34Error, type Tr34ErrorCode } from '../../src/index.ts';

/** A party of a vectors file: certificate and, where it is published, private key. */
export function owner(party: { certificate: string; privateKey?: string }): KeyPairOwner {
  const key = Buffer.from(party.privateKey ?? '', 'hex');
  return {
    certificate: decodeHex(party.certificate),
    privateKey: createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
  };
}

export const KDH = owner(pki.parties.kdh);
export const NEW_KDH = owner(pki.parties.kdhNew);
export const REVOKED_KDH = owner(pki.parties.kdhRevoked);
export const KDH_3072 = owner(pki.parties.kdh3072);
export const KRD = owner(pki.parties.krd);
export const KRD_3072 = owner(pki.parties.krd3072);
export const KRD_CA = owner(pki.parties.caOther);
export const KDH_CA = decodeHex(pki.parties.caKdh.certificate);
/** Certificates with the name of the host's authority: with another key, of no authority, and out of force. */
export const KDH_CA_IMPOSTOR = decodeHex(pki.parties.caImpostor.certificate);
export const KDH_CA_NOT_CA = decodeHex(pki.parties.caNotCa.certificate);
export const KDH_CA_EXPIRED = decodeHex(pki.parties.caKdhExpired.certificate);
export const EC_CERTIFICATE = decodeHex(pki.parties.kdhEc.certificate);
export const CRLS = {
  current: decodeHex(pki.crls.current),
  currentSha512: decodeHex(pki.crls.currentSha512),
  expired: decodeHex(pki.crls.expired),
  future: decodeHex(pki.crls.future),
  other: decodeHex(pki.crls.other),
};

/** A time at which every certificate of the file is in force. */
export const NOW = new Date('2030-06-01T12:00:00Z');

export const NONCE = decodeHex('0011223344556677');

export function toHex(secret: Secret): string {
  return secret.expose((bytes) => Buffer.from(bytes).toString('hex').toUpperCase());
}

/** The Tr34Error that `run` throws; fails on any other error, or none. */
export function refusalOf(run: () => unknown): Tr34Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Tr34Error) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

export function codeOf(run: () => unknown): Tr34ErrorCode {
  return refusalOf(run).code;
}

/** A random source that gives out the parts one after the other. */
export function sourceOf(...parts: Uint8Array[]): (length: number) => Uint8Array {
  return (length) => {
    const part = parts.shift();
    if (part?.length !== length) throw new Error(`${length} random bytes were asked for`);
    return Uint8Array.from(part);
  };
}
