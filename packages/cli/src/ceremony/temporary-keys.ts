import type { KeyObject } from 'node:crypto';
import { ask } from './ask.ts';
import { verifyChain } from './chain.ts';
import type { RouteContext } from './route.ts';
import { DELETION_DAYS } from './service-client.ts';

/** The one curve that is strong enough for AES-256. */
export const CURVE = { algorithm: 'ECC_NIST_P521', namedCurve: 'secp521r1' } as const;

/** Whoever finds these keys after a program was killed knows what they were for. */
const Tags = [{ Key: 'Purpose', Value: 'keywright ceremony, temporary' }];

/** Schedules a key for deletion. A failure is said, and stops nothing: what the key was for is done, or failed, by then. */
async function discard(what: string, arn: string, { service, prompts }: RouteContext): Promise<void> {
  try {
    await ask('DeleteKey', () => service.deleteKey({ KeyIdentifier: arn, DeleteKeyInDays: DELETION_DAYS }));
    prompts.say(`The temporary ${what} is scheduled for deletion`);
  } catch (error) {
    prompts.warn(`The temporary ${what} ${arn} is still there: ${(error as Error).message}`);
  }
}

/** Makes a key pair in the service for one agreement; it goes with `made`. */
export async function makeServicePair(
  context: RouteContext,
  made: AsyncDisposableStack,
): Promise<{ arn: string; publicKey: KeyObject }> {
  const { service, now } = context;
  const { Key } = await ask('CreateKey', () =>
    service.createKey({
      KeyAttributes: {
        KeyUsage: 'TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT',
        KeyClass: 'ASYMMETRIC_KEY_PAIR',
        KeyAlgorithm: CURVE.algorithm,
        KeyModesOfUse: { DeriveKey: true },
      },
      DeriveKeyUsage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY',
      Exportable: false,
      Tags,
    }),
  );
  const arn = Key?.KeyArn ?? '';
  made.defer(() => discard('key pair', arn, context));
  const { KeyCertificate = '', KeyCertificateChain = '' } = await ask('GetPublicKeyCertificate', () =>
    service.getPublicKeyCertificate({ KeyIdentifier: arn }),
  );
  const key = { namedCurve: CURVE.namedCurve };
  return {
    arn,
    publicKey: verifyChain({ leaf: KeyCertificate, chain: KeyCertificateChain, key, now: now() }),
  };
}

/** Has the service trust a certificate, base64 of its PEM, as a root; that ends with `made`. */
export async function importRoot(
  certificate: string,
  context: RouteContext,
  made: AsyncDisposableStack,
): Promise<string> {
  const { Key } = await ask('ImportKey', () =>
    context.service.importKey({
      KeyMaterial: {
        RootCertificatePublicKey: {
          KeyAttributes: {
            KeyUsage: 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE',
            KeyClass: 'PUBLIC_KEY',
            KeyAlgorithm: CURVE.algorithm,
            KeyModesOfUse: { Verify: true },
          },
          PublicKeyCertificate: certificate,
        },
      },
      Tags,
    }),
  );
  const arn = Key?.KeyArn ?? '';
  made.defer(() => discard('root certificate', arn, context));
  return arn;
}
