import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeyAlgorithm } from '../../src/api/control-plane.generated.ts';
import { checkWrappingStrength } from '../../src/policy/wrapping-strength.ts';
import { refusal } from './refusal.ts';

const COLUMNS: KeyAlgorithm[] = [
  'TDES_2KEY',
  'TDES_3KEY',
  'AES_128',
  'AES_192',
  'AES_256',
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
];

/** The user guide's table: one row a key, one column a wrapping key; HMAC is this service's own row. */
const TABLE: Partial<Record<KeyAlgorithm, string>> = {
  TDES_2KEY: '+++++ +++ +++',
  TDES_3KEY: '-++++ +++ +++',
  AES_128: '--+++ -++ +++',
  AES_192: '---++ --- -++',
  AES_256: '----+ --- --+',
  HMAC_SHA224: '--+++ --- +++',
  HMAC_SHA256: '--+++ --- +++',
  HMAC_SHA384: '--+++ --- +++',
  HMAC_SHA512: '--+++ --- +++',
};

test('a key is protected exactly by the wrapping keys of the table', () => {
  for (const [key, row] of Object.entries(TABLE) as [KeyAlgorithm, string][]) {
    for (const [i, wrapping] of COLUMNS.entries()) {
      const check = () => checkWrappingStrength(wrapping, key);
      if (row.replaceAll(' ', '')[i] === '+') check();
      else assert.match(refusal(check), new RegExp(`^${wrapping} cannot protect ${key}: use `));
    }
  }
});

test('the message says which wrapping key would be strong enough', () => {
  const message = (wrapping: KeyAlgorithm, key: KeyAlgorithm) =>
    refusal(() => checkWrappingStrength(wrapping, key));
  assert.equal(
    message('TDES_2KEY', 'AES_128'),
    'TDES_2KEY cannot protect AES_128: use an AES_128 or stronger wrapping key.',
  );
  assert.equal(
    message('TDES_2KEY', 'TDES_3KEY'),
    'TDES_2KEY cannot protect TDES_3KEY: use a TDES_3KEY or stronger wrapping key.',
  );
  assert.equal(message('AES_192', 'AES_256'), 'AES_192 cannot protect AES_256: use an AES_256 wrapping key.');
  assert.equal(
    message('RSA_2048', 'AES_128'),
    'RSA_2048 cannot protect AES_128: use an RSA_3072 or stronger wrapping key.',
  );
  assert.equal(
    message('RSA_4096', 'AES_192'),
    'RSA_4096 cannot protect AES_192: use a TR-31 key block under an AES_192 or stronger key, or ECDH with an ECC_NIST_P384 or stronger key pair.',
  );
  assert.equal(
    message('RSA_4096', 'AES_256'),
    'RSA_4096 cannot protect AES_256: use a TR-31 key block under an AES_256 key, or ECDH with an ECC_NIST_P521 key pair.',
  );
  assert.equal(
    message('ECC_NIST_P256', 'AES_192'),
    'ECC_NIST_P256 cannot protect AES_192: use an ECC_NIST_P384 or stronger key pair.',
  );
  assert.equal(
    message('ECC_NIST_P384', 'AES_256'),
    'ECC_NIST_P384 cannot protect AES_256: use an ECC_NIST_P521 key pair.',
  );
  assert.equal(
    message('AES_256', 'RSA_2048'),
    'AES_256 cannot protect RSA_2048: keys of this algorithm cannot be wrapped.',
  );
});
