import { decodeHex, decryptPinBlock, encodeAscii, Secret, unwrapKeyBlock } from '@keywright/crypto';
import type { PosTerminal } from '@keywright/terminal';
import { Failure } from '../failure.ts';
import type { Host, HostKey } from './host.ts';
import type { TerminalKey } from './terminal-key.ts';
import type { Transcript } from './transcript.ts';

/** A published test card; nobody's. */
const PAN = '4111111111111111';
const TRACK_2 = encodeAscii(';4111111111111111=30122010000000000000?'.padEnd(48, ' '));
const PIN = '1234';

/** The issuer: shares a PIN encryption key with the host, and opens it from the same key blocks as any other party. */
export interface Issuer {
  readonly pek: HostKey;
  readonly key: Secret;
}

/** Creates the PIN encryption key and hands it to the issuer as a key block under the KEK that both have. */
export async function introduceIssuer(
  host: Host,
  kek: HostKey,
  otherParty: Secret,
  out: Transcript,
): Promise<Issuer> {
  const pek = await host.createKey({
    KeyUsage: 'TR31_P0_PIN_ENCRYPTION_KEY',
    KeyAlgorithm: 'AES_128',
    KeyModesOfUse: { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true },
  });
  const { block } = await host.exportKey(pek, kek, {});
  out.keyBlock('PIN encryption key for the issuer', block);
  const { key } = unwrapKeyBlock({ kbpk: otherParty, block, profile: 'x9.143' });
  return { pek, key };
}

/** What the terminal encrypted, kept to be decrypted again after a rotation. */
export interface Ciphertext {
  readonly bdk: HostKey;
  readonly ksn: string;
  readonly text: string;
}

interface Parties {
  readonly host: Host;
  readonly pos: PosTerminal;
  readonly issuer: Issuer;
  readonly out: Transcript;
}

async function provePin({ host, pos, issuer, out }: Parties, bdk: HostKey, key: TerminalKey): Promise<void> {
  const format = key.algorithm === 'AES_128' ? 4 : 0;
  using pin = Secret.take(encodeAscii(PIN));
  const { pinBlock, ksn } = await pos.encryptPin({ slot: `DUKPT-${key.index}`, pin, pan: PAN, format });
  out.say(`terminal: PIN block ${pinBlock} (ISO ${format}), KSN ${ksn}`);
  const translated = await host.data.call<{ PinBlock: string }>('/pindata/translate', {
    IncomingKeyIdentifier: bdk.arn,
    IncomingTranslationAttributes: { [`IsoFormat${format}`]: { PrimaryAccountNumber: PAN } },
    IncomingDukptAttributes: { KeySerialNumber: ksn },
    EncryptedPinBlock: pinBlock,
    OutgoingKeyIdentifier: issuer.pek.arn,
    OutgoingTranslationAttributes: { IsoFormat4: { PrimaryAccountNumber: PAN } },
  });
  out.say(`host: TranslatePinData to ISO 4 under the issuer's key: ${translated.PinBlock}`);
  const block = decodeHex(translated.PinBlock);
  using arrived = decryptPinBlock({ format: 'ISO_4', algorithm: 'AES', key: issuer.key, pan: PAN, block });
  if (!arrived.equals(pin)) throw new Failure('the issuer does not find the PIN that the terminal took');
  out.say('issuer: it is the PIN that was entered');
}

/** Decrypts track data at the host and compares them with what the terminal read. */
export async function decryptTrack(
  host: Host,
  { bdk, ksn, text }: Ciphertext,
  out: Transcript,
): Promise<void> {
  const path = `/keys/${encodeURIComponent(bdk.arn)}/decrypt`;
  const { PlainText } = await host.data.call<{ PlainText: string }>(path, {
    CipherText: text,
    DecryptionAttributes: { Dukpt: { KeySerialNumber: ksn, Mode: 'CBC', DukptKeyVariant: 'REQUEST' } },
  });
  if (Buffer.compare(decodeHex(PlainText), TRACK_2) !== 0) {
    throw new Failure('the host does not find the track data that the terminal read');
  }
  out.say('host: DecryptData gives the track that was read');
}

/**
 * Proves a loaded key in use: the terminal encrypts a PIN and track data, the host translates and decrypts them.
 *
 * @returns the encrypted track
 */
export async function prove(parties: Parties, bdk: HostKey, key: TerminalKey): Promise<Ciphertext> {
  await provePin(parties, bdk, key);
  const { ciphertext: text, ksn } = await parties.pos.encryptData({
    slot: `DUKPT-${key.index}`,
    data: TRACK_2,
  });
  if (ksn === undefined) throw new Failure('the terminal gave no KSN with the track');
  parties.out.say(`terminal: track ${text}, KSN ${ksn}`);
  await decryptTrack(parties.host, { bdk, ksn, text }, parties.out);
  return { bdk, ksn, text };
}
