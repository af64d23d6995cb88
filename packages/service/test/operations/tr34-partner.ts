// The other party of an exchange by TR-34 or under RSA: its certificates, its tokens, and how openssl opens ours.
import assert from 'node:assert/strict';
import { createHash, createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import {
  createKeyToken,
  encodeHex,
  type KeyPairOwner,
  type KeyTokenOptions,
  Secret,
} from '@keywright/crypto';
import pki from '../../../../vectors/tr34-pki.json' with { type: 'json' };
import type { KeyAttributes } from '../../src/api/control-plane.generated.ts';
import { checkValueOfPublicKey } from '../../src/operations/asymmetric-key.ts';
import { exportPrivateKey } from '../../src/operations/generate-key-pair.ts';
import { storeNewKey } from '../../src/operations/new-key.ts';
import { certificatePem } from '../../src/pki/certificate.ts';
import type { AsymmetricAlgorithm } from '../../src/pki/public-key.ts';
import { type ModeLetter, modesOfLetter } from '../../src/policy/modes-of-use.ts';
import { children, element } from '../pki/der.ts';
import { issuedBy, openssl, opensslBytes, type Party, put, selfSigned } from '../pki/openssl.ts';
import { USAGES } from './asymmetric.ts';
import type { KnownKey, Service } from './service.ts';

type PublishedParty = keyof typeof pki.parties;

/** A time at which the published certificates are in force. */
export const PUBLISHED_TIME = Date.parse('2030-06-01T12:00:00Z');
export const NONCE = '0011223344556677';
export const TDES_KEY = '0123456789ABCDEFFEDCBA9876543210';
export const AES_KEY = '000102030405060708090A0B0C0D0E0F';

/** A key to send, and one that needs a stronger key around it. */
export const KEK: KnownKey = {
  usage: 'TR31_K0_KEY_ENCRYPTION_KEY',
  algorithm: 'TDES_2KEY',
  mode: 'B',
  hex: TDES_KEY,
};
export const AES_KEK: KnownKey = { ...KEK, algorithm: 'AES_128', hex: AES_KEY };

/** A certificate as clients send it. */
export function base64Of(certificate: Uint8Array): string {
  return Buffer.from(certificatePem(new X509Certificate(certificate))).toString('base64');
}

/** The bytes of a certificate that the service answered. */
export function derOf(base64: string): Buffer {
  return new X509Certificate(Buffer.from(base64, 'base64')).raw;
}

/** A party of vectors/tr34-pki.json. */
export function published(name: PublishedParty): KeyPairOwner {
  const { certificate, privateKey } = pki.parties[name] as { certificate: string; privateKey: string };
  const key = Buffer.from(privateKey, 'hex');
  return {
    certificate: Buffer.from(certificate, 'hex'),
    privateKey: createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
  };
}

export function publishedCertificate(name: PublishedParty): string {
  return base64Of(Buffer.from(pki.parties[name].certificate, 'hex'));
}

export function publishedCrl(name: keyof typeof pki.crls): Uint8Array {
  return Buffer.from(pki.crls[name], 'hex');
}

export function ownerOf({ certificate, key }: Party): KeyPairOwner {
  return { certificate: certificate.raw, privateKey: createPrivateKey(openssl('pkey', '-in', key)) };
}

/** A partner with an authority of its own. */
export interface Partner {
  readonly authority: Party;
  readonly leaf: Party;
  readonly owner: KeyPairOwner;
}

export function makePartner(algorithm: AsymmetricAlgorithm, name = 'partner'): Partner {
  const authority = selfSigned({ name: `${name} authority`, algorithm });
  const leaf = issuedBy(authority, { name, algorithm });
  return { authority, leaf, owner: ownerOf(leaf) };
}

/** Stores a key pair whose private key the test knows. @returns its ARN */
export async function putPair(
  { context }: Service,
  privateKey: KeyObject,
  [usage, KeyAlgorithm, mode]: readonly [keyof typeof USAGES, AsymmetricAlgorithm, ModeLetter],
): Promise<string> {
  const attributes: KeyAttributes = {
    KeyUsage: USAGES[usage],
    KeyClass: 'ASYMMETRIC_KEY_PAIR',
    KeyAlgorithm,
    KeyModesOfUse: modesOfLetter(mode),
  };
  using clear = exportPrivateKey(privateKey);
  const made = {
    attributes,
    origin: 'EXTERNAL',
    exportability: 'NON_EXPORTABLE',
    check: checkValueOfPublicKey(createPublicKey(privateKey)),
  } as const;
  return (await storeNewKey(clear, made, {}, context)).KeyArn;
}

/** A key token of two passes with a two-key TDES KEK, unless told otherwise. @returns hexadecimal */
export function tokenFor(
  krdCertificate: Uint8Array,
  kdh: KeyPairOwner,
  { hex = TDES_KEY, ...options }: Partial<KeyTokenOptions> & { hex?: string } = {},
): string {
  using key = Secret.fromHex(hex);
  return encodeHex(
    createKeyToken({
      key,
      header: 'D9999K0TB00E0000',
      kdh,
      krdCertificate,
      contentCipher: 'DES_EDE3_CBC',
      pass: { nonce: Buffer.from(NONCE, 'hex') },
      ...options,
    }),
  );
}

/** The elements of a key token, from the outside in. */
function dissect(token: Buffer) {
  const signedData = children(children(children(token)[1]!)[0]!);
  const content = contentOf(children(children(signedData[2]!)[1]!)[0]!);
  const signer = children(children(signedData.at(-1)!)[0]!);
  return { signedData, content, signer };
}

/** What is in a primitive element. */
function contentOf(bytes: Buffer): Buffer {
  const octets = bytes[1]! < 128 ? 0 : bytes[1]! & 127;
  return bytes.subarray(2 + octets);
}

const IDS = {
  nonce: '060a2a864886f70d01091903',
  time: '06092a864886f70d010905',
  header: '06092a864886f70d010701',
  digest: '06092a864886f70d010904',
} as const;

/** An attribute's object identifier, in hexadecimal, and its one value. */
function readAttribute(attribute: Buffer): [string, Buffer] {
  const [type, values] = children(attribute);
  return [type!.toString('hex'), children(values!)[0]!];
}

/** The same token with other signed attributes, signed again. */
export function resigned(
  token: string,
  kdh: KeyPairOwner,
  change: (attributes: Buffer[]) => Buffer[],
): string {
  const { signedData, signer } = dissect(Buffer.from(token, 'hex'));
  const [version, id, digest, attributes, algorithm] = signer as [Buffer, Buffer, Buffer, Buffer, Buffer];
  const changed = change(children(attributes));
  const key = put(kdh.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const signature = opensslBytes('dgst', '-sha256', '-sign', key, put(element(0x31, ...changed)));
  const info = element(
    0x30,
    version,
    id,
    digest,
    element(0xa0, ...changed),
    algorithm,
    element(0x04, signature),
  );
  const [type] = children(Buffer.from(token, 'hex'));
  const inner = element(0x30, ...signedData.slice(0, -1), element(0x31, info));
  return element(0x30, type!, element(0xa0, inner)).toString('hex').toUpperCase();
}

/** What openssl finds in a key token of ours. */
export interface FoundByOpenssl {
  readonly header: string;
  readonly key: string;
  readonly nonce: string | undefined;
  /** As it is written: YYMMDDhhmmssZ. */
  readonly time: string | undefined;
  readonly cipher: string;
}

const CIPHERS: Readonly<Record<string, string>> = {
  '2a864886f70d0307': 'des-ede3-cbc',
  '608648016503040102': 'aes-128-cbc',
};

function issuerAndSerial(certificate: Uint8Array): Buffer {
  const fields = children(children(Buffer.from(certificate))[0]!);
  return element(0x30, fields[3]!, fields[1]!);
}

/**
 * Opens a key token with the openssl command: verifies its signature under the host's certificate, checks who it is from and for,
 * and decrypts it with the receiving device's key.
 */
export function openWithOpenssl(
  token: string,
  krd: KeyPairOwner,
  kdhCertificate: Uint8Array,
): FoundByOpenssl {
  const der = Buffer.from(token, 'hex');
  openssl('asn1parse', '-inform', 'DER', '-in', put(der));
  const { content, signer } = dissect(der);
  const attributes = children(signer[3]!);
  verify(element(0x31, ...attributes), contentOf(signer[5]!), kdhCertificate);
  assert.deepEqual(signer[1], issuerAndSerial(kdhCertificate));
  const found = new Map(attributes.map(readAttribute));
  const text = (name: keyof typeof IDS) => {
    const value = found.get(IDS[name]);
    return value && contentOf(value);
  };
  assert.deepEqual(text('digest'), createHash('sha256').update(content).digest());
  const inside = openEnvelope(content, krd);
  const [, hostId, key, header] = children(inside.clear) as [Buffer, Buffer, Buffer, Buffer];
  assert.deepEqual(hostId, issuerAndSerial(kdhCertificate));
  assert.deepEqual(contentOf(readAttribute(header)[1]), text('header'));
  return {
    header: text('header')!.toString('latin1'),
    key: contentOf(key).toString('hex').toUpperCase(),
    nonce: text('nonce')?.toString('hex').toUpperCase(),
    time: text('time')?.toString('latin1'),
    cipher: inside.cipher,
  };
}

function verify(signed: Buffer, signature: Buffer, certificate: Uint8Array): void {
  const pem = put(certificatePem(new X509Certificate(certificate)));
  const publicKey = put(openssl('x509', '-in', pem, '-noout', '-pubkey'));
  openssl('dgst', '-sha256', '-verify', publicKey, '-signature', put(signature), put(signed));
}

/** Decrypts RSAES-OAEP with the openssl command. */
export function decryptWithOpenssl(cryptogram: Buffer, privateKey: KeyObject, hash = 'sha256'): Buffer {
  const key = put(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const options = ['rsa_padding_mode:oaep', `rsa_oaep_md:${hash}`, `rsa_mgf1_md:${hash}`];
  const given = options.flatMap((option) => ['-pkeyopt', option]);
  return opensslBytes('pkeyutl', '-decrypt', '-inkey', key, '-in', put(cryptogram), ...given);
}

function openEnvelope(content: Buffer, krd: KeyPairOwner): { clear: Buffer; cipher: string } {
  const [, recipients, encrypted] = children(element(0x30, content)) as [Buffer, Buffer, Buffer];
  const [, id, , encryptedKey] = children(children(recipients)[0]!) as [Buffer, Buffer, Buffer, Buffer];
  assert.deepEqual(id, issuerAndSerial(krd.certificate));
  const ephemeral = decryptWithOpenssl(contentOf(encryptedKey), krd.privateKey);
  const [type, iv, data] = children(children(encrypted)[1]!) as [Buffer, Buffer, Buffer];
  const cipher = CIPHERS[contentOf(type).toString('hex')]!;
  const keys = ['-K', ephemeral.toString('hex'), '-iv', contentOf(iv).toString('hex')];
  return { clear: opensslBytes('enc', '-d', `-${cipher}`, ...keys, '-in', put(contentOf(data))), cipher };
}
