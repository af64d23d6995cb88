import { decodeHex, type OpenedKeyToken, openKeyToken } from '@keywright/crypto';
import type { ImportTr34KeyBlock, Key, KeyAlgorithm } from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { checkWrappingStrength } from '../../policy/wrapping-strength.ts';
import { type PartnerCertificate, readPartnerCertificate } from '../certificates/rsa-certificate.ts';
import type { NewKeySettings } from '../new-key.ts';
import type { Context } from '../operation.ts';
import { openTr34KeyPair, type Tr34KeyPair } from '../tr34-key-pair.ts';
import { storeReceivedKey } from './received-key.ts';
import { tr34Refusal } from './tr34-refusal.ts';

interface Parties {
  readonly kdh: PartnerCertificate;
  readonly krd: Tr34KeyPair;
}

function readToken({ WrappedKeyBlock }: ImportTr34KeyBlock): Uint8Array {
  if (WrappedKeyBlock.length % 2 === 0) return decodeHex(WrappedKeyBlock, 'WrappedKeyBlock');
  throw invalid('WrappedKeyBlock has an odd number of hexadecimal digits: a byte has two.');
}

/** The authority whose revocation list may come in the token: TR-34 knows RSA alone. */
function revoker({ certificate, authority }: PartnerCertificate): Uint8Array | undefined {
  const issuer = authority.certificate;
  const isRsa = issuer.publicKey.asymmetricKeyType === 'rsa';
  return isRsa && certificate.checkIssued(issuer) ? issuer.raw : undefined;
}

function open(material: ImportTr34KeyBlock, { kdh, krd }: Parties, { now }: Context): OpenedKeyToken {
  const kdhIssuer = revoker(kdh);
  const { RandomNonce } = material;
  try {
    return openKeyToken({
      token: readToken(material),
      krd,
      kdhCertificate: kdh.certificate.raw,
      ...(kdhIssuer && { kdhIssuer }),
      ...(RandomNonce !== undefined && { expectedNonce: decodeHex(RandomNonce, 'RandomNonce') }),
      now: new Date(now()),
    });
  } catch (error) {
    throw tr34Refusal(error);
  }
}

/** The partner and us. */
async function findParties(material: ImportTr34KeyBlock, context: Context): Promise<Parties> {
  const { SigningKeyCertificate, CertificateAuthorityPublicKeyIdentifier: authority } = material;
  const field = 'SigningKeyCertificate';
  const kdh = await readPartnerCertificate(SigningKeyCertificate, field, authority, context);
  const choice = {
    token: material.ImportToken,
    identifier: material.WrappingKeyIdentifier,
    certificate: material.WrappingKeyCertificate,
  };
  return { kdh, krd: await openTr34KeyPair(choice, 'IMPORT', context) };
}

/** Takes in a key from a key token (X9 TR-34), of one pass or two. Its attributes are those of the header in the token. */
export async function importTr34KeyBlock(
  material: ImportTr34KeyBlock,
  settings: NewKeySettings,
  context: Context,
): Promise<Key> {
  const parties = await findParties(material, context);
  const { header, key: opened } = open(material, parties, context);
  using key = opened;
  const checkStrength = (algorithm: KeyAlgorithm) => checkWrappingStrength(parties.krd.algorithm, algorithm);
  return await storeReceivedKey({ header, optionalBlocks: [], key }, checkStrength, settings, context);
}
