import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { type AuditRecord, type Draft, type Head, timeText } from './record.ts';

/** Signs checkpoints. */
export interface CheckpointSigner {
  /** Tells signing keys apart: see `keyIdOf`. */
  readonly keyId: string;
  /** PEM (RFC 8410, 4). */
  readonly publicKey: string;
  sign(text: Uint8Array): Uint8Array;
}

/** The first 8 bytes of SHA-256 of the public key (SubjectPublicKeyInfo, DER), as hexadecimal digits. */
export function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}

export function checkpointSigner(privateKey: KeyObject): CheckpointSigner {
  const publicKey = createPublicKey(privateKey);
  return {
    keyId: keyIdOf(publicKey),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    sign: (text) => sign(null, text, privateKey),
  };
}

/** What is signed: where the checkpoint stands, when, and the hash of the record before, which vouches for all before it. */
function signedText(chain: string, seq: number, at: string, previous: string): Uint8Array {
  return Buffer.from(`keywright audit checkpoint 1\n${chain}\n${seq}\n${at}\n${previous}\n`);
}

/** The checkpoint that comes after `head`. */
export function draftCheckpoint(chain: string, head: Head, at: number, signer: CheckpointSigner): Draft {
  const text = signedText(chain, head.seq + 1, timeText(at), head.hash);
  const signature = Buffer.from(signer.sign(text)).toString('base64');
  return { at, body: `"checkpoint":{"key":"${signer.keyId}","signature":"${signature}"}` };
}

/** Is a checkpoint signed (Ed25519, RFC 8032) by one of these keys? */
export function isSigned(record: AuditRecord, publicKeys: readonly KeyObject[]): boolean {
  const { chain, seq, at, previous, checkpoint } = record;
  if (typeof checkpoint?.signature !== 'string') return false;
  const signature = Buffer.from(checkpoint.signature, 'base64');
  const text = signedText(chain, seq, at, previous);
  return publicKeys.some((key) => verify(null, text, key, signature));
}
