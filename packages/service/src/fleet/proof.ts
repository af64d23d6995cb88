import { createHash } from 'node:crypto';
import { decodeHex, decryptPinBlock, encodeAscii, encodeHex, equal, Secret } from '@keywright/crypto';
import { AwsException } from '../api/exceptions.ts';
import { keyArn } from '../operations/key-identifier.ts';
import type { InjectionRecord, ProfileKey, ProfileRecord } from '../store/fleet/fleet-store.ts';
import type { FleetContext } from './fleet-context.ts';
import { findProofKey, PROOF_KEY } from './proof-key.ts';

/** A published test card's number; nobody's. Test PINs are encrypted with it. */
export const TEST_PAN = '4111111111111111';

/** What a terminal does with its new key, to show that the host can follow: `input` encrypted, or its MAC. */
export interface Challenge {
  readonly purpose: ProfileKey['purpose'];
  /** A test PIN of 12 digits with its PAN, or 16 bytes in hexadecimal. */
  readonly input: string;
  readonly pan?: string;
}

/** The terminal's answer to a challenge. */
export interface Proof {
  /** PIN block, ciphertext or MAC, in hexadecimal. */
  readonly output: string;
  /** Of the transaction. */
  readonly ksn: string;
}

const PIN_LENGTH = 12;

/** Models that encrypt no PIN from outside but one, in a test of their own (PP791, message 76). */
const ONLY_PIN: Readonly<Record<string, string>> = { 'uic-pp791': '1234' };

/**
 * Draws the challenge from the lease, which nobody can guess and which is new for each agent and each time: an answer that was
 * given before does not fit it.
 */
export function challengeFor(
  { runId, serial, purpose, ksn }: InjectionRecord,
  { lease, profile }: { readonly lease: string; readonly profile: ProfileRecord },
): Challenge {
  const onlyPin = ONLY_PIN[profile.device.model];
  if (purpose === 'PIN' && onlyPin !== undefined) return { purpose, input: onlyPin, pan: TEST_PAN };
  const digest = createHash('sha256').update([lease, runId, serial, purpose, ksn].join(' ')).digest();
  if (purpose !== 'PIN') return { purpose, input: encodeHex(digest.subarray(0, 16)) };
  const number = digest.readBigUInt64BE() % 10n ** BigInt(PIN_LENGTH);
  return { purpose, input: String(number).padStart(PIN_LENGTH, '0'), pan: TEST_PAN };
}

type Check = (challenge: Challenge, proof: Proof, key: ProfileKey, context: FleetContext) => Promise<boolean>;

function bdkArn({ bdkKeyId }: ProfileKey, { account, region }: FleetContext): string {
  return keyArn(account, region, bdkKeyId);
}

/** The host translates the PIN block to a key of the fleet's own, under which the PIN is looked at. */
const checkPin: Check = async ({ input }, { output, ksn }, key, context) => {
  const format = key.algorithm === 'TDES_2KEY' ? 'IsoFormat0' : 'IsoFormat4';
  const pan = { PrimaryAccountNumber: TEST_PAN };
  const { PinBlock } = await context.perform('TranslatePinData', {
    IncomingKeyIdentifier: bdkArn(key, context),
    IncomingTranslationAttributes: { [format]: pan },
    IncomingDukptAttributes: { KeySerialNumber: ksn },
    EncryptedPinBlock: output,
    OutgoingKeyIdentifier: PROOF_KEY,
    OutgoingTranslationAttributes: { IsoFormat4: pan },
  });
  using proofKey = await context.vault.openKey(await findProofKey(context));
  const block = decodeHex(PinBlock, 'PinBlock');
  using pin = decryptPinBlock({ format: 'ISO_4', algorithm: 'AES', key: proofKey, pan: TEST_PAN, block });
  using expected = Secret.take(encodeAscii(input));
  return pin.equals(expected);
};

const checkData: Check = async ({ input }, { output, ksn }, key, context) => {
  const { PlainText } = await context.perform('DecryptData', {
    KeyIdentifier: bdkArn(key, context),
    CipherText: output,
    DecryptionAttributes: { Dukpt: { KeySerialNumber: ksn, Mode: 'CBC', DukptKeyVariant: 'REQUEST' } },
  });
  return equal(decodeHex(PlainText, 'PlainText'), decodeHex(input, 'challenge'));
};

const checkMac: Check = async ({ input }, { output, ksn }, key, context) => {
  const scheme = key.algorithm === 'TDES_2KEY' ? 'DukptIso9797Algorithm3' : 'DukptCmac';
  await context.perform('VerifyMac', {
    KeyIdentifier: bdkArn(key, context),
    MessageData: input,
    Mac: output,
    VerificationAttributes: { [scheme]: { KeySerialNumber: ksn, DukptKeyVariant: 'REQUEST' } },
  });
  return true;
};

const CHECKS: Record<ProfileKey['purpose'], Check> = { PIN: checkPin, DATA: checkData, MAC: checkMac };

/** What the data plane answers when a value does not fit its key. */
const UNFIT: readonly string[] = ['VerificationFailedException', 'ValidationException'];

/** Whether a terminal's answer shows that it has the key: decrypted and verified by operations of the data plane. */
export async function proves(
  challenge: Challenge,
  proof: Proof,
  key: ProfileKey,
  context: FleetContext,
): Promise<boolean> {
  try {
    return await CHECKS[challenge.purpose](challenge, proof, key, context);
  } catch (error) {
    if (error instanceof AwsException && UNFIT.includes(error.code)) return false;
    throw error;
  }
}
