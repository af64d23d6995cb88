import { createPrivateKey } from 'node:crypto';
import {
  createCredentialToken,
  createKeyToken,
  decodeHex,
  type KeyPairOwner,
  type KeyTokenOptions,
  openRandomNumberToken,
} from '@keywright/crypto';
import {
  MemoryStore,
  openSoftwareTerminal,
  type PosTerminal,
  type SoftwareTerminal,
  type SoftwareTerminalOptions,
} from '@keywright/terminal';
import pki from '../../../vectors/tr34-pki.json' with { type: 'json' };
import { hex } from './support.ts';

function owner(party: { certificate: string; privateKey: string }): KeyPairOwner {
  const key = Buffer.from(party.privateKey, 'hex');
  return {
    certificate: decodeHex(party.certificate),
    privateKey: createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
  };
}

const { parties } = pki;
export const KDH = owner(parties.kdh);
export const KDH_3072 = owner(parties.kdh3072);
export const NEW_KDH = owner(parties.kdhNew);
export const REVOKED_KDH = owner(parties.kdhRevoked);
export const KRD = owner(parties.krd3072);
/** Of 2048 bits. */
export const OTHER_KRD = owner(parties.krd);
export const KRD_CA = owner(parties.caOther);
export const KDH_CA = decodeHex(parties.caKdh.certificate);
export const KDH_CA_IMPOSTOR = decodeHex(parties.caImpostor.certificate);
export const NOT_A_CA = decodeHex(parties.caNotCa.certificate);
export const CRLS = {
  current: decodeHex(pki.crls.current),
  expired: decodeHex(pki.crls.expired),
  other: decodeHex(pki.crls.other),
};

export const NOW = Date.parse('2030-06-01T12:00:00Z');
export const HOUR = 60 * 60 * 1000;

/** A clock that a test puts where it wants it. */
export class Clock {
  now = NOW;
  readonly read = () => this.now;
}

/** A terminal whose key pair is that of the published KRD. */
export function openDevice(options: SoftwareTerminalOptions = {}): SoftwareTerminal {
  const source = { deviceKey: async () => KRD.privateKey, clock: () => NOW };
  const store = options.directory === undefined &&
    options.store === undefined && { store: new MemoryStore() };
  return openSoftwareTerminal({ ...source, ...store, ...options });
}

/** Gives it its certificate and its authorities, as a factory does. */
export async function personalize(terminal: PosTerminal): Promise<void> {
  await terminal.createCsr();
  const { certificate: device } = KRD;
  const { certificate: deviceAuthority } = KRD_CA;
  const stored = await terminal.storeCertificates({ device, deviceAuthority, hostAuthority: KDH_CA });
  if (!stored.ok) throw new Error(stored.message);
}

export async function bindTo(terminal: PosTerminal, host: KeyPairOwner, crl?: Uint8Array): Promise<void> {
  const { certificate } = host;
  const bound = await terminal.bindTR34(createCredentialToken({ certificate, ...(crl && { crl }) }));
  if (!bound.ok) throw new Error(bound.message);
}

/** A device that is bound to the published KDH. */
export async function boundDevice(options?: SoftwareTerminalOptions): Promise<SoftwareTerminal> {
  const terminal = openDevice(options);
  await personalize(terminal);
  await bindTo(terminal, KDH);
  return terminal;
}

export const KEK = '9A258BD009C508667F11A04301C6D4EC';
export const SECOND_KEK = '1B2D3C4F5A69788796A5B4C3D2E1F001';

/** A key token of the published KDH for the published KRD, of one pass, signed now, unless told otherwise. */
export function keyToken(options: Partial<KeyTokenOptions> = {}): Uint8Array {
  return createKeyToken({
    key: hex(KEK),
    header: 'D0000K0AB00E0000',
    kdh: KDH,
    krdCertificate: KRD.certificate,
    contentCipher: 'AES_128_CBC',
    pass: { time: new Date(NOW) },
    ...options,
  });
}

/** Begins two passes: the pass that answers the terminal's random number. */
export async function secondPass(terminal: PosTerminal): Promise<{ nonce: Uint8Array }> {
  return { nonce: openRandomNumberToken(await terminal.getTR34RandomToken()) };
}
