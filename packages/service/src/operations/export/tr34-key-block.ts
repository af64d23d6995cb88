import {
  type ContentCipher,
  createKeyToken,
  decodeHex,
  encodeHex,
  formatHeader,
  type Pass,
} from '@keywright/crypto';
import type { ExportTr34KeyBlock, WrappedKey } from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { exportHeader } from '../../policy/export-header.ts';
import { symmetricRules } from '../../policy/symmetric-algorithm.ts';
import { checkWrappingStrength } from '../../policy/wrapping-strength.ts';
import { type PartnerCertificate, readPartnerCertificate } from '../certificates/rsa-certificate.ts';
import type { Context } from '../operation.ts';
import { openTr34KeyPair, type Tr34KeyPair } from '../tr34-key-pair.ts';
import type { OutgoingKey } from './outgoing-key.ts';

/** Characters of a header without optional blocks; there is nothing after it whose length it could tell. */
const HEADER_LENGTH = 16;

/** The header that goes with a key in a token. */
function headerOf({ exported }: OutgoingKey, { KeyBlockHeaders: headers }: ExportTr34KeyBlock): string {
  if (Object.keys(headers?.OptionalBlocks ?? {}).length > 0) {
    throw invalid(
      'KeyBlockHeaders.OptionalBlocks is not valid for Tr34KeyBlock: its header has none; leave it out.',
    );
  }
  const { header } = exportHeader(exported, exported.algorithm, headers);
  return formatHeader(header, HEADER_LENGTH, 0);
}

/** As strong as the key under it: DES for TDES keys, which every device opens. */
function contentCipherFor({ exported }: OutgoingKey): ContentCipher {
  return symmetricRules(exported.algorithm).family === 'TDES' ? 'DES_EDE3_CBC' : 'AES_128_CBC';
}

function passOf({ RandomNonce }: ExportTr34KeyBlock, { now }: Context): Pass {
  return RandomNonce === undefined
    ? { time: new Date(now()) }
    : { nonce: decodeHex(RandomNonce, 'RandomNonce') };
}

interface Parties {
  readonly krd: PartnerCertificate;
  readonly kdh: Tr34KeyPair;
}

/** The partner and us, both strong enough for the key. */
async function findParties(
  material: ExportTr34KeyBlock,
  { exported: { algorithm } }: OutgoingKey,
  context: Context,
): Promise<Parties> {
  const { WrappingKeyCertificate, CertificateAuthorityPublicKeyIdentifier: authority } = material;
  const field = 'WrappingKeyCertificate';
  const krd = await readPartnerCertificate(WrappingKeyCertificate, field, authority, context);
  checkWrappingStrength(krd.algorithm, algorithm);
  const choice = {
    token: material.ExportToken,
    identifier: material.SigningKeyIdentifier,
    certificate: material.SigningKeyCertificate,
  };
  const kdh = await openTr34KeyPair(choice, 'EXPORT', context);
  return { krd, kdh };
}

/** Makes a key token (X9 TR-34) of two passes when the caller gives the partner's random number, else of one. */
export async function exportTr34KeyBlock(
  material: ExportTr34KeyBlock,
  outgoing: OutgoingKey,
  context: Context,
): Promise<WrappedKey> {
  const { krd, kdh } = await findParties(material, outgoing, context);
  const header = headerOf(outgoing, material);
  using key = await outgoing.open();
  const { checkValue, checkValueAlgorithm } = outgoing.checkValue(key);
  const token = createKeyToken({
    key,
    header,
    kdh,
    krdCertificate: krd.certificate.raw,
    contentCipher: contentCipherFor(outgoing),
    pass: passOf(material, context),
  });
  return {
    KeyMaterial: encodeHex(token),
    WrappedKeyMaterialFormat: 'TR34_KEY_BLOCK',
    WrappingKeyArn: krd.authority.arn,
    KeyCheckValue: checkValue,
    KeyCheckValueAlgorithm: checkValueAlgorithm,
  };
}
