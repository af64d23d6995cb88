import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  agreeSecret,
  deriveSharedKey,
  encodeAscii,
  encodeBase64,
  encodeHex,
  type KeyBlockHeader,
  randomBytes,
  type Secret,
  wrapKeyBlock,
} from '@keywright/crypto';
import type { ImportRoute, Kek, RouteContext } from './route.ts';
import { selfSignedCertificate } from './self-signed-certificate.ts';
import { CURVE, importRoot, makeServicePair } from './temporary-keys.ts';

/** How the key block protection key is made of what both sides know. */
const DERIVATION = {
  DeriveKeyAlgorithm: 'AES_256',
  KeyDerivationFunction: 'NIST_SP800',
  KeyDerivationHashAlgorithm: 'SHA_512',
} as const;

/** Letters instead of any bytes, since AWS's reference does not want zero bytes in it. */
function makeSharedInfo(): Uint8Array {
  return encodeAscii(encodeHex(randomBytes(16)));
}

function deriveKbpk(privateKey: KeyObject, publicKey: KeyObject, sharedInfo: Uint8Array): Secret {
  using sharedSecret = agreeSecret(privateKey, publicKey);
  return deriveSharedKey({ function: 'NIST_SP800', hash: 'SHA512', sharedSecret, sharedInfo, length: 32 });
}

function headerOf({ usage, exportable }: Kek): KeyBlockHeader {
  return {
    version: 'D',
    keyUsage: usage === 'TR31_K0_KEY_ENCRYPTION_KEY' ? 'K0' : 'K1',
    algorithm: 'A',
    modeOfUse: 'B',
    keyVersion: '00',
    exportability: exportable ? 'E' : 'N',
    keyContext: '0',
    reserved: '0',
  };
}

/**
 * In a key block (X9.143) under an AES-256 key that a key pair made here and one made in the service agree on. Both pairs serve
 * this one key: the private half of ours never leaves this function, and the service's is deleted.
 */
export async function openEcdhRoute(context: RouteContext): Promise<ImportRoute> {
  await using made = new AsyncDisposableStack();
  const service = await makeServicePair(context, made);
  const own = generateKeyPairSync('ec', { namedCurve: CURVE.namedCurve });
  const pem = selfSignedCertificate({ ...own, common: 'keywright ceremony', now: context.now() });
  const certificate = encodeBase64(Buffer.from(pem));
  const root = await importRoot(certificate, context, made);
  const kept = made.move();
  return {
    wrap(kek) {
      const sharedInfo = makeSharedInfo();
      using kbpk = deriveKbpk(own.privateKey, service.publicKey, sharedInfo);
      return {
        DiffieHellmanTr31KeyBlock: {
          ...DERIVATION,
          PrivateKeyIdentifier: service.arn,
          CertificateAuthorityPublicKeyIdentifier: root,
          PublicKeyCertificate: certificate,
          DerivationData: { SharedInformation: encodeHex(sharedInfo) },
          WrappedKeyBlock: wrapKeyBlock({ kbpk, header: headerOf(kek), key: kek.key }),
        },
      };
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
