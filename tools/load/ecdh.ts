import { createPublicKey, X509Certificate } from 'node:crypto';
import type { KeyBlockHeader } from '@keywright/crypto';
import type { ImportDiffieHellmanTr31KeyBlock } from '../../packages/service/src/api/control-plane.generated.ts';
import {
  deriveKbpk,
  makePartner,
  type Partner,
  termsOf,
  wrapFor,
} from '../../packages/service/test/operations/ecdh-partner.ts';
import { callService, type Endpoint } from '../bench/service-client.ts';

/** What an ECDH partner sends: a key in a block, with the terms of its protection. */
export type SendKey = (hex: string, header: Partial<KeyBlockHeader>) => ImportDiffieHellmanTr31KeyBlock;

/** The curve that may carry keys of AES-256. */
const CURVE = 'ECC_NIST_P521';

async function createPair(endpoint: Endpoint): Promise<{ ours: string; certificate: X509Certificate }> {
  const KeyAttributes = {
    KeyUsage: 'TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT',
    KeyClass: 'ASYMMETRIC_KEY_PAIR',
    KeyAlgorithm: CURVE,
    KeyModesOfUse: { DeriveKey: true },
  };
  const { Key } = await callService(endpoint, {
    operation: 'CreateKey',
    input: { KeyAttributes, DeriveKeyUsage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY', Exportable: true },
  });
  const { KeyCertificate } = await callService(endpoint, {
    operation: 'GetPublicKeyCertificate',
    input: { KeyIdentifier: Key.KeyArn },
  });
  return { ours: Key.KeyArn, certificate: new X509Certificate(Buffer.from(KeyCertificate, 'base64')) };
}

async function importAuthority(endpoint: Endpoint, partner: Partner): Promise<string> {
  const KeyAttributes = {
    KeyUsage: 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE',
    KeyClass: 'PUBLIC_KEY',
    KeyAlgorithm: CURVE,
    KeyModesOfUse: { Verify: true },
  };
  const RootCertificatePublicKey = { KeyAttributes, PublicKeyCertificate: partner.authority.base64 };
  const input = { KeyMaterial: { RootCertificatePublicKey } };
  return (await callService(endpoint, { operation: 'ImportKey', input })).Key.KeyArn;
}

/** Makes a partner whom the service trusts. */
export async function meetPartner(endpoint: Endpoint): Promise<SendKey> {
  const partner = makePartner(CURVE);
  const { ours, certificate } = await createPair(endpoint);
  const terms = termsOf(partner, { ours, authority: await importAuthority(endpoint, partner) });
  const publicKey = createPublicKey(certificate.publicKey.export({ type: 'spki', format: 'pem' }));
  return (hex, header) => {
    using kbpk = deriveKbpk(partner, publicKey);
    return { ...terms, WrappedKeyBlock: wrapFor(kbpk, hex, header) };
  };
}
