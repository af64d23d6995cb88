import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeHex, encodeHex, encryptPinBlock, expandKey, Secret } from '@keywright/crypto';
import { pair } from '../asymmetric.ts';
import { deriveKbpk, makePartner, termsOf, wrapFor } from '../ecdh-partner.ts';
import { meet } from './meeting.ts';

const KEK = 'A1B2C3D4E5F60718293A4B5C6D7E8F90A0B1C2D3E4F50617283940516273849F';
const WORKING = '29EAA7281636B160B840E342919C8F76';
const TDES_KEK = '48AFD714E3DCF177C567835A0BECFC32';
const BDK = '5D1C7E9A3B4F60827395A4C6B8D0E1F2';
const PLAIN = '4A6F686E20446F652C2043617264686F';
const PAN = '9137631040001422';
const PIN = '738261';

/** How bytes may show themselves; text is looked for as it is. */
function disguises(hex: string): string[] {
  const bytes = Buffer.from(hex, 'hex');
  return [hex.toLowerCase(), bytes.toString('base64').slice(0, 18).toLowerCase(), bytes.join(',')];
}

test('no answer but that of DecryptData, and no refusal, shows a key, a PIN, a PAN or what was encrypted', async (t) => {
  const partner = makePartner('ECC_NIST_P521');
  const meeting = await meet(t, 'ECC_NIST_P521', partner, 'TR31_K1_KEY_BLOCK_PROTECTION_KEY');
  const { service } = meeting;
  const kek = await service.putKey({
    usage: 'TR31_K0_KEY_ENCRYPTION_KEY',
    algorithm: 'AES_256',
    mode: 'B',
    hex: KEK,
  });
  const tdesKek = await service.putKey({
    usage: 'TR31_K0_KEY_ENCRYPTION_KEY',
    algorithm: 'TDES_2KEY',
    mode: 'B',
    hex: TDES_KEK,
  });
  const bdk = await service.putKey({
    usage: 'TR31_B0_BASE_DERIVATION_KEY',
    algorithm: 'TDES_2KEY',
    mode: 'X',
    hex: BDK,
  });
  const rsa = (await service.call('CreateKey', pair('D1', 'RSA_2048', 'B'))).Key.KeyArn;
  using kbpk = Secret.fromHex(KEK);
  const wrapped = (keyUsage: string, algorithm = 'A') => ({
    WrappedKeyMaterial: { Tr31KeyBlock: wrapFor(kbpk, WORKING, { keyUsage, algorithm }) },
  });
  const Symmetric = { Mode: 'CBC' as const };
  const data = { KeyIdentifier: kek, PlainText: PLAIN, EncryptionAttributes: { Symmetric } };
  const D0 = { WrappedKey: wrapped('D0') };
  const { CipherText } = await service.call('EncryptData', { ...data, ...D0 });
  await service.refusal('EncryptData', { ...data, WrappedKey: wrapped('P0') });
  await service.refusal('EncryptData', { ...data, ...D0, PlainText: `${PLAIN}4A` });
  const Asymmetric = { PaddingType: 'OAEP_SHA256' } as const;
  const sealed = await service.call('EncryptData', {
    KeyIdentifier: rsa,
    PlainText: PLAIN,
    EncryptionAttributes: { Asymmetric },
  });
  await service.refusal('EncryptData', {
    KeyIdentifier: rsa,
    PlainText: PLAIN.repeat(16),
    EncryptionAttributes: { Asymmetric },
  });
  await service.refusal('DecryptData', {
    KeyIdentifier: rsa,
    CipherText: sealed.CipherText,
    DecryptionAttributes: { Asymmetric: { PaddingType: 'OAEP_SHA1' } },
  });
  await service.refusal('EncryptData', {
    KeyIdentifier: bdk,
    PlainText: PLAIN,
    EncryptionAttributes: {
      Emv: {
        MajorKeyDerivationMode: 'EMV_OPTION_B',
        PrimaryAccountNumber: PAN,
        PanSequenceNumber: '01',
        SessionDerivationData: '000B000000000000',
      },
    },
  });
  const Dukpt = { KeySerialNumber: 'FFFF9876543210E00001' };
  const again = {
    IncomingKeyIdentifier: kek,
    IncomingEncryptionAttributes: { Symmetric },
    CipherText,
    OutgoingKeyIdentifier: bdk,
    OutgoingEncryptionAttributes: { Dukpt },
  };
  await service.call('ReEncryptData', { ...again, IncomingWrappedKey: wrapped('D0') });
  await service.refusal('ReEncryptData', again);

  using key = Secret.fromHex(WORKING);
  using pin = Secret.take(Buffer.from(PIN));
  const block = encryptPinBlock({ format: 'ISO_0', algorithm: 'TDES', key, pin, pan: PAN });
  const translation = {
    IncomingKeyIdentifier: kek,
    IncomingWrappedKey: wrapped('P0', 'T'),
    IncomingTranslationAttributes: { IsoFormat0: { PrimaryAccountNumber: PAN } },
    EncryptedPinBlock: encodeHex(block),
    OutgoingKeyIdentifier: bdk,
    OutgoingDukptAttributes: Dukpt,
    OutgoingTranslationAttributes: { As2805Format0: { PrimaryAccountNumber: PAN } },
  };
  await service.call('TranslatePinData', translation);
  await service.refusal('TranslatePinData', { ...translation, EncryptedPinBlock: '00'.repeat(8) });
  await service.refusal('TranslatePinData', {
    ...translation,
    OutgoingTranslationAttributes: { IsoFormat0: { PrimaryAccountNumber: '9137631040001430' } },
  });

  using agreed = deriveKbpk(partner, meeting.publicKey);
  const terms = termsOf(partner, { ours: meeting.pair, authority: meeting.authority });
  for (const exportability of ['E', 'N']) {
    const WrappedKeyBlock = wrapFor(agreed, WORKING, { keyUsage: 'D0', exportability });
    const input = {
      IncomingKeyMaterial: { DiffieHellmanTr31KeyBlock: { ...terms, WrappedKeyBlock } },
      OutgoingKeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: kek } },
    };
    if (exportability === 'E') await service.call('TranslateKeyMaterial', input);
    else await service.refusal('TranslateKeyMaterial', input);
  }
  const { RandomKeySend } = await service.call('GenerateAs2805KekValidation', {
    KeyIdentifier: tdesKek,
    KekValidationType: { KekValidationRequest: { DeriveKeyAlgorithm: 'TDES_2KEY' } },
    RandomKeySendVariantMask: 'VARIANT_MASK_82',
  });
  using variant = Secret.take(decodeHex(TDES_KEK).map((byte) => byte ^ 0x82));
  using cipher = expandKey('TDES', variant);
  const random = encodeHex(cipher.decryptCbc(new Uint8Array(8), decodeHex(RandomKeySend)));

  // The one place where it belongs.
  const before = service.sent.join('\n').toLowerCase();
  const { PlainText } = await service.call('DecryptData', {
    KeyIdentifier: kek,
    CipherText,
    DecryptionAttributes: { Symmetric },
    ...D0,
  });
  assert.equal(PlainText, PLAIN);
  const keys = [KEK, WORKING, TDES_KEK, BDK, PLAIN, random, agreed.expose(encodeHex)];
  for (const disguise of keys.flatMap(disguises)) assert.ok(!before.includes(disguise), disguise);
  for (const text of [PAN, PIN]) assert.ok(!before.includes(text));
  assert.ok(disguises(PLAIN).some((disguise) => service.sent.join('\n').toLowerCase().includes(disguise)));
});
