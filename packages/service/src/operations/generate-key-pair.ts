import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { Secret } from '@keywright/crypto';
import { type AsymmetricAlgorithm, parametersOf } from '../pki/public-key.ts';

const makePair = promisify(generateKeyPair);

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** A new key pair. RSA keys have the exponent 65537. */
export function generatePair(algorithm: AsymmetricAlgorithm): Promise<KeyPair> {
  const parameters = parametersOf(algorithm);
  return typeof parameters === 'number'
    ? makePair('rsa', { modulusLength: parameters })
    : makePair('ec', { namedCurve: parameters });
}

/** A private key as it is sealed: PKCS #8 (RFC 5208), DER. */
export function exportPrivateKey(privateKey: KeyObject): Secret {
  return Secret.take(privateKey.export({ type: 'pkcs8', format: 'der' }));
}
