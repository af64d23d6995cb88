import { readCertificate } from '../pki/certificate.ts';
import type { TransferDirection, TransferRecord, TransferWay } from '../store/records/transfer.ts';
import { resolveKey } from './key-identifier.ts';
import type { Context } from './operation.ts';

/** Under what a key goes out or comes in. */
export type Counterpart = Pick<TransferRecord, 'way' | 'counterpart' | 'party'>;

/** The ways that requests have. */
type MaterialName = Exclude<TransferWay, 'Components'>;

/** The member of each way's material that names the other side: a key of ours, a partner's certificate, or a token. */
const MEMBERS: Readonly<Record<TransferDirection, Readonly<Record<MaterialName, string>>>> = {
  OUT: {
    Tr31KeyBlock: 'WrappingKeyIdentifier',
    As2805KeyCryptogram: 'WrappingKeyIdentifier',
    Tr34KeyBlock: 'WrappingKeyCertificate',
    KeyCryptogram: 'WrappingKeyCertificate',
    DiffieHellmanTr31KeyBlock: 'PublicKeyCertificate',
  },
  IN: {
    Tr31KeyBlock: 'WrappingKeyIdentifier',
    As2805KeyCryptogram: 'WrappingKeyIdentifier',
    Tr34KeyBlock: 'SigningKeyCertificate',
    KeyCryptogram: 'ImportToken',
    DiffieHellmanTr31KeyBlock: 'PublicKeyCertificate',
  },
};

/** How records of transfers name a key. */
export function keyCounterpart(keyId: string): string {
  return `key/${keyId}`;
}

async function name(value: string, member: string, context: Context): Promise<Omit<Counterpart, 'way'>> {
  if (member === 'ImportToken') return { counterpart: value };
  if (member === 'WrappingKeyIdentifier') {
    const { keyId } = await resolveKey(value, context);
    return { counterpart: keyCounterpart(keyId) };
  }
  const certificate = readCertificate(value, member);
  const fingerprint = certificate.fingerprint256.replaceAll(':', '');
  return { counterpart: `certificate/${fingerprint}`, party: certificate.subject.replaceAll('\n', ', ') };
}

/**
 * Names the other side of a request to export or import a key; undefined for the ways that public keys come in by.
 *
 * @throws AwsException when the key or certificate that the request names can't be found or read
 */
export async function counterpartOf(
  direction: TransferDirection,
  way: string,
  material: object,
  context: Context,
): Promise<Counterpart | undefined> {
  if (!Object.hasOwn(MEMBERS[direction], way)) return undefined;
  const member = MEMBERS[direction][way as MaterialName];
  const value = (material as Record<string, string>)[member]!;
  return { way: way as MaterialName, ...(await name(value, member, context)) };
}
