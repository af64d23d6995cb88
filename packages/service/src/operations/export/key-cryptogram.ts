import { encodeHex, encryptOaep } from '@keywright/crypto';
import type { ExportKeyCryptogram, WrappedKey } from '../../api/control-plane.generated.ts';
import { DEFAULT_WRAPPING_SPEC, OAEP_HASHES } from '../../policy/wrapping-spec.ts';
import { checkWrappingStrength } from '../../policy/wrapping-strength.ts';
import { readPartnerCertificate } from '../certificates/rsa-certificate.ts';
import type { Context } from '../operation.ts';
import type { OutgoingKey } from './outgoing-key.ts';

/** Encrypts a key under a partner's RSA key (RSAES-OAEP). */
export async function exportKeyCryptogram(
  material: ExportKeyCryptogram,
  outgoing: OutgoingKey,
  context: Context,
): Promise<WrappedKey> {
  const { WrappingSpec = DEFAULT_WRAPPING_SPEC } = material;
  const { certificate, algorithm, authority } = await readPartnerCertificate(
    material.WrappingKeyCertificate,
    'WrappingKeyCertificate',
    material.CertificateAuthorityPublicKeyIdentifier,
    context,
  );
  checkWrappingStrength(algorithm, outgoing.exported.algorithm);
  using key = await outgoing.open();
  const { checkValue, checkValueAlgorithm } = outgoing.checkValue(key);
  return {
    KeyMaterial: encodeHex(encryptOaep(certificate.publicKey, OAEP_HASHES[WrappingSpec], key)),
    WrappedKeyMaterialFormat: 'KEY_CRYPTOGRAM',
    WrappingKeyArn: authority.arn,
    KeyCheckValue: checkValue,
    KeyCheckValueAlgorithm: checkValueAlgorithm,
  };
}
