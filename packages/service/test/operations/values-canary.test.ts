import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockOf, PEK, PVK, requests, TABLE } from './pin-requests.ts';
import { Service } from './service.ts';

const PAN = '4929318274650193';
const PIN = '918273645546';
const VALIDATION_DATA = '8364927150463829';
const KEYS = {
  M3: '5D1C7E9A3B4F60827395A4C6B8D0E1F2',
  C0: 'C8E9DA6BFC7D0E1F2A3B4C5D6E7F8091',
  E4: '7A8B9CADBECFD0E1F20314253647586A',
  B0: '10325476980ABCDEEFCDAB8967452301',
};

/** How bytes may show themselves: hexadecimal, a list of numbers, themselves, and base64 at each of its offsets. */
function disguises(bytes: Buffer): string[] {
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return text.slice(4, 4 + Math.floor((bytes.length - 3) / 3) * 4);
  });
  const hex = bytes.toString('hex');
  return [hex, hex.toUpperCase(), bytes.join(','), bytes.toString('latin1'), ...base64];
}

test('no answer and no refusal about MACs, cards and PINs shows a key, a PIN or a PAN', async (t) => {
  const service = new Service(t);
  const [mac, cvk, imk, bdk] = await Promise.all([
    service.putKey({ usage: 'TR31_M3_ISO_9797_3_MAC_KEY', algorithm: 'TDES_2KEY', mode: 'C', hex: KEYS.M3 }),
    service.putKey({
      usage: 'TR31_C0_CARD_VERIFICATION_KEY',
      algorithm: 'TDES_2KEY',
      mode: 'C',
      hex: KEYS.C0,
    }),
    service.putKey({
      usage: 'TR31_E4_EMV_MKEY_DYNAMIC_NUMBERS',
      algorithm: 'TDES_2KEY',
      mode: 'X',
      hex: KEYS.E4,
    }),
    service.putKey({ usage: 'TR31_B0_BASE_DERIVATION_KEY', algorithm: 'TDES_2KEY', mode: 'X', hex: KEYS.B0 }),
  ]);

  const MessageData = Buffer.from(PAN).toString('hex');
  const attributes = { Algorithm: 'ISO9797_ALGORITHM3' } as const;
  const request = { KeyIdentifier: mac, MessageData };
  const { Mac } = await service.call('GenerateMac', { ...request, GenerationAttributes: attributes });
  await service.call('VerifyMac', { ...request, Mac, VerificationAttributes: attributes });
  await service.refusal('VerifyMac', { ...request, Mac: '0'.repeat(8), VerificationAttributes: attributes });
  const DukptCmac = { KeySerialNumber: '0'.repeat(20), DukptKeyVariant: 'REQUEST' } as const;
  await service.refusal('GenerateMac', {
    ...request,
    KeyIdentifier: bdk,
    GenerationAttributes: { DukptCmac },
  });

  const date = { CardExpiryDate: '1229' };
  const card = { KeyIdentifier: cvk, PrimaryAccountNumber: PAN };
  const cvv = { CardVerificationValue2: date };
  const { ValidationData } = await service.call('GenerateCardValidationData', {
    ...card,
    GenerationAttributes: cvv,
  });
  await service.call('VerifyCardValidationData', { ...card, ValidationData, VerificationAttributes: cvv });
  await service.refusal('VerifyCardValidationData', {
    ...card,
    ValidationData: `${ValidationData}0`,
    VerificationAttributes: cvv,
  });
  for (const KeyIdentifier of [cvk, imk]) {
    await service.refusal('GenerateCardValidationData', {
      ...card,
      KeyIdentifier,
      GenerationAttributes: { AmexCardSecurityCodeVersion1: date },
    });
  }

  const { generate, verify, verificationKey, encryptionKey } = await requests(service, 'V1');
  const EncryptedPinBlock = blockOf(PIN, 'ISO_0', PAN);
  const table = { ...TABLE, PinValidationData: VALIDATION_DATA };
  const pan = { PrimaryAccountNumber: PAN };
  const { PinData } = await generate({ Ibm3624PinOffset: { ...table, EncryptedPinBlock } }, pan);
  const Ibm3624Pin = { ...table, PinOffset: (PinData as { PinOffset: string }).PinOffset };
  await service.call('VerifyPinData', verify(EncryptedPinBlock, { Ibm3624Pin }, pan));
  for (const change of [
    { ...pan, PinDataLength: 4 },
    { PrimaryAccountNumber: `${PAN.slice(0, -2)}00` },
    { ...pan, PinBlockFormat: 'ISO_FORMAT_4' },
    { ...pan, EncryptionKeyIdentifier: verificationKey },
    { ...pan, VerificationKeyIdentifier: encryptionKey },
  ] as const) {
    await service.refusal('VerifyPinData', verify(EncryptedPinBlock, { Ibm3624Pin }, change));
  }
  await service.refusal('GeneratePinData', {
    ...pan,
    GenerationKeyIdentifier: verificationKey,
    EncryptionKeyIdentifier: encryptionKey,
    PinBlockFormat: 'ISO_FORMAT_0',
    GenerationAttributes: { Ibm3624PinFromOffset: { ...table, PinOffset: PIN } },
    PinDataLength: 4,
  });

  const sent = service.sent.join('\n');
  for (const hex of [...Object.values(KEYS), PVK, PEK]) {
    for (const disguise of disguises(Buffer.from(hex, 'hex'))) assert.ok(!sent.includes(disguise), disguise);
  }
  for (const digits of [PIN, PAN, PAN.slice(0, 12), PAN.slice(-13, -1), VALIDATION_DATA]) {
    assert.ok(!sent.includes(digits), digits);
    for (const disguise of disguises(Buffer.from(digits))) assert.ok(!sent.includes(disguise), disguise);
  }
});
