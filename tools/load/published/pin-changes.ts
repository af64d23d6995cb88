import { type ImportKey, importKeys, knownKey } from '../known-keys.ts';
import { type Arns, KEYS } from './keys.ts';
import { pinBlock } from './outside.ts';
import type { PublishedCall } from './published-call.ts';

const confidentiality = (hex: string) => knownKey('TR31_E1_EMV_MKEY_CONFIDENTIALITY', 'TDES_2KEY', 'X', hex);
const integrity = (hex: string) => knownKey('TR31_E2_EMV_MKEY_INTEGRITY', 'TDES_2KEY', 'X', hex);

/** The master keys of pyemv's tests, and of PINChangeScriptTest.java of futehkao/elements; jPOS's have equal halves, which the service refuses. */
const MASTER_KEYS = {
  pyemvConfidentiality: confidentiality('89ABCDEF0123456776543210FEDCBA98'),
  pyemvIntegrity: integrity('FEDCBA98765432100123456789ABCDEF'),
  elementsConfidentiality: confidentiality('12341234567856788765876543214321'),
  elementsIntegrity: integrity('ABCDABCDEF01EF0110FE10FEDCBADCBA'),
};

const VISA_CARD = { pan: '1234567890123456', psn: '00' };
const MASTERCARD_CARD = { pan: '5413629900000155', psn: '01' };

const blockOf = (digits: string, { pan }: { pan: string }) => pinBlock('TDES', KEYS.pek.hex, digits, pan);
const ofCard = ({ pan, psn }: { pan: string; psn: string }) => ({
  MajorKeyDerivationMode: 'EMV_OPTION_A',
  PrimaryAccountNumber: pan,
  PanSequenceNumber: psn,
});

/** Visa's cryptogram version 18, the new PIN alone and with the current one. */
function visaChanges(keys: Record<keyof typeof MASTER_KEYS, string>, { pek, cryptogram }: Arns) {
  const current = {
    CurrentPinPekIdentifier: pek,
    CurrentEncryptedPinBlock: blockOf('8888', VISA_CARD),
  };
  const cases = [
    ['8424000218', {}, 'BB221AF527377A2811D2B6EBC396A939', '1A22B480EF312F40'],
    ['8424000118', { CurrentPinAttributes: current }, '2EE025E554BCD87E11D2B6EBC396A939', '0FB94A4E4EC10F41'],
  ] as const;
  return cases.map(([command, currentPin, block, mac]) => ({
    confidentiality: keys.pyemvConfidentiality,
    integrity: keys.pyemvIntegrity,
    newPin: blockOf('9999', VISA_CARD),
    message: `${command}001C7A788EA6B8A3E733`,
    attributes: {
      Visa: {
        ...ofCard(VISA_CARD),
        ApplicationTransactionCounter: '001C',
        AuthorizationRequestKeyIdentifier: cryptogram,
        ...currentPin,
      },
    },
    block,
    mac,
  }));
}

function mastercardChange(keys: Record<keyof typeof MASTER_KEYS, string>) {
  const ApplicationCryptogram = 'D17B15836FAB99A2';
  return {
    confidentiality: keys.elementsConfidentiality,
    integrity: keys.elementsIntegrity,
    newPin: blockOf('1234', MASTERCARD_CARD),
    message: `84240002100016${ApplicationCryptogram}`,
    attributes: { Mastercard: { ...ofCard(MASTERCARD_CARD), ApplicationCryptogram } },
    block: 'AB926022634A4AA1',
    mac: '0E90902E98339EBB',
  };
}

/** Commands that change a card's PIN. */
export async function pinChanges(importKey: ImportKey, arns: Arns): Promise<PublishedCall[]> {
  const keys = await importKeys(importKey, MASTER_KEYS);
  return [...visaChanges(keys, arns), mastercardChange(keys)].map((change) => ({
    operation: 'GenerateMacEmvPinChange',
    path: '/macemvpinchange/generate',
    input: {
      NewPinPekIdentifier: arns.pek,
      NewEncryptedPinBlock: change.newPin,
      PinBlockFormat: 'ISO_FORMAT_0',
      SecureMessagingConfidentialityKeyIdentifier: change.confidentiality,
      SecureMessagingIntegrityKeyIdentifier: change.integrity,
      MessageData: change.message,
      DerivationMethodAttributes: change.attributes,
    },
    expected: { EncryptedPinBlock: change.block, Mac: change.mac },
  }));
}
