import type { ImportKeyMaterial, Key } from '../../api/control-plane.generated.ts';
import { comesLater, refuseLaterMembers } from '../../policy/later.ts';
import { importKeyCryptogram } from '../import/key-cryptogram.ts';
import { importTr31KeyBlock } from '../import/tr31-key-block.ts';
import type { NewKeySettings } from '../new-key.ts';
import { onlyMember } from '../only-member.ts';
import type { Context, Operation } from '../operation.ts';

type MaterialName = keyof ImportKeyMaterial;
type Material<Member extends MaterialName> = NonNullable<ImportKeyMaterial[Member]>;
type Import<Member extends MaterialName> = (
  material: Material<Member>,
  settings: NewKeySettings,
  context: Context,
) => Promise<Key>;

function later(member: MaterialName, feature: string): () => Promise<Key> {
  return async () => {
    throw comesLater(`KeyMaterial.${member}`, feature);
  };
}

/** The ways for a key to come in. */
const IMPORTS: { readonly [Member in MaterialName]: Import<Member> } = {
  Tr31KeyBlock: importTr31KeyBlock,
  KeyCryptogram: importKeyCryptogram,
  Tr34KeyBlock: later('Tr34KeyBlock', 'TR-34 comes'),
  RootCertificatePublicKey: later('RootCertificatePublicKey', 'certificates come'),
  TrustedCertificatePublicKey: later('TrustedCertificatePublicKey', 'certificates come'),
  DiffieHellmanTr31KeyBlock: later('DiffieHellmanTr31KeyBlock', 'ECDH comes'),
  As2805KeyCryptogram: later('As2805KeyCryptogram', 'AS 2805 comes'),
};

function importMember<Member extends MaterialName>(
  member: Member,
  material: ImportKeyMaterial,
  settings: NewKeySettings,
  context: Context,
): Promise<Key> {
  return IMPORTS[member](material[member]!, settings, context);
}

export const importKey: Operation<'ImportKey'> = async (input, context) => {
  refuseLaterMembers(input);
  const member = onlyMember('KeyMaterial', input.KeyMaterial);
  return { Key: await importMember(member, input.KeyMaterial, input, context) };
};
