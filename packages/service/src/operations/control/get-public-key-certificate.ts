import type { KeyUsage } from '../../api/control-plane.generated.ts';
import { encodePem } from '../../pki/certificate.ts';
import { issueAccountCertificate, type Purpose } from '../certificates/account-authority.ts';
import { openOwnKeyPair } from '../certificates/own-key-pair.ts';
import type { Operation } from '../operation.ts';

const VALID_DAYS = 90;

/** What key pairs are for, by their usage; those of any other encrypt keys or data. */
const PURPOSES: Partial<Record<KeyUsage, Purpose>> = {
  TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE: 'signature',
  TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT: 'key-agreement',
};

export const getPublicKeyCertificate: Operation<'GetPublicKeyCertificate'> = async (input, context) => {
  const { record, publicKey } = await openOwnKeyPair(input.KeyIdentifier, context);
  const purpose = PURPOSES[record.attributes.KeyUsage] ?? 'key-encipherment';
  const { certificate, chain } = await issueAccountCertificate(publicKey, purpose, VALID_DAYS, context);
  return { KeyCertificate: encodePem(certificate), KeyCertificateChain: encodePem(chain) };
};
