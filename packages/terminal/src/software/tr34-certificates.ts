import { createPrivateKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { checkCertificate, createCertificationRequest, type KeyPairOwner, Secret } from '@keywright/crypto';
import type { TerminalCertificates } from '../pos-terminal.ts';
import { TerminalError } from '../refusals.ts';
import type { DeviceCertificate } from '../results.ts';
import { refusing } from './library-errors.ts';
import type { Tr34State } from './tr34-state.ts';

const generate = promisify(generateKeyPair);

/** Where a terminal's RSA key pair comes from, when it needs one and has none. */
export type DeviceKeySource = () => Promise<KeyObject>;

/** RSA of 3072 bits, as strong as AES of 128, of the operating system's random generator. */
export async function newDeviceKey(): Promise<KeyObject> {
  const { privateKey } = await generate('rsa', { modulusLength: 3072 });
  return privateKey;
}

export function sealDeviceKey(privateKey: KeyObject): Secret {
  return Secret.take(new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })));
}

export function openDeviceKey(privateKey: Secret): KeyObject {
  return privateKey.expose((bytes) =>
    createPrivateKey({
      key: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
      format: 'der',
      type: 'pkcs8',
    }),
  );
}

/** @throws TerminalError NO_CERTIFICATE */
export function need(document: Uint8Array | undefined, whose: string): Uint8Array {
  if (document !== undefined) return document;
  throw new TerminalError('NO_CERTIFICATE', `the terminal has no certificate ${whose}`);
}

/** The terminal as a key receiving device. */
export function deviceOf({ privateKey, documents }: Tr34State): KeyPairOwner {
  const certificate = need(documents.device, 'of its own');
  if (privateKey === undefined) throw new TerminalError('NO_CERTIFICATE', 'the terminal has no key pair');
  return { certificate, privateKey: openDeviceKey(privateKey) };
}

export function certificateOf({ documents }: Tr34State): DeviceCertificate {
  const certificate = need(documents.device, 'of its own');
  return { certificate, chain: documents.deviceAuthority ? [documents.deviceAuthority] : [] };
}

export function requestOf(privateKey: Secret, serial: string): Uint8Array {
  return createCertificationRequest({ commonName: serial, privateKey: openDeviceKey(privateKey) });
}

function checkAuthority(certificate: Uint8Array, whose: string, now: Date): void {
  refusing(() => checkCertificate({ certificate, now }));
  if (new X509Certificate(certificate).ca) return;
  throw new TerminalError(
    'CERTIFICATE',
    `the certificate of the authority ${whose} is not one of an authority`,
  );
}

function checkDevice({ privateKey, documents }: Tr34State, now: Date): void {
  const { device, deviceAuthority } = documents;
  if (device === undefined) return;
  refusing(() => checkCertificate({ certificate: device, now, issuer: deviceAuthority }));
  if (privateKey !== undefined && new X509Certificate(device).checkPrivateKey(openDeviceKey(privateKey)))
    return;
  throw new TerminalError('CERTIFICATE', "the certificate is not of the terminal's key pair");
}

/**
 * Stores certificates. A terminal that is bound changes its own certificate only: whom it trusts stays as it is.
 *
 * @throws TerminalError CERTIFICATE, CERTIFICATE_EXPIRED or ALREADY_BOUND
 */
export function storeCertificates(state: Tr34State, given: TerminalCertificates, now: Date): Tr34State {
  const { device, deviceAuthority, hostAuthority } = given;
  if (state.documents.host !== undefined && (deviceAuthority ?? hostAuthority) !== undefined) {
    throw new TerminalError(
      'ALREADY_BOUND',
      'the authorities of a terminal that is bound can not be changed',
    );
  }
  if (deviceAuthority !== undefined) checkAuthority(deviceAuthority, 'of the terminal', now);
  if (hostAuthority !== undefined) checkAuthority(hostAuthority, 'of the hosts', now);
  const documents = {
    ...state.documents,
    ...(device && { device: Uint8Array.from(device) }),
    ...(deviceAuthority && { deviceAuthority: Uint8Array.from(deviceAuthority) }),
    ...(hostAuthority && { hostAuthority: Uint8Array.from(hostAuthority) }),
  };
  const stored = { ...state, documents };
  checkDevice(stored, now);
  return stored;
}
