import type { ImportKeyMaterial, Key } from '../../api/control-plane.generated.ts';
import { requestApproval } from '../approval/request-approval.ts';
import { counterpartOf } from '../counterpart.ts';
import { importAs2805KeyCryptogram } from '../import/as2805-key-cryptogram.ts';
import { importRootCertificate, importTrustedCertificate } from '../import/certificate.ts';
import { importDiffieHellmanTr31KeyBlock } from '../import/diffie-hellman-tr31-key-block.ts';
import { importKeyCryptogram } from '../import/key-cryptogram.ts';
import { importTr31KeyBlock } from '../import/tr31-key-block.ts';
import { importTr34KeyBlock } from '../import/tr34-key-block.ts';
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

/** The ways for a key to come in. */
const IMPORTS: { readonly [Member in MaterialName]: Import<Member> } = {
  Tr31KeyBlock: importTr31KeyBlock,
  KeyCryptogram: importKeyCryptogram,
  Tr34KeyBlock: importTr34KeyBlock,
  RootCertificatePublicKey: importRootCertificate,
  TrustedCertificatePublicKey: importTrustedCertificate,
  DiffieHellmanTr31KeyBlock: importDiffieHellmanTr31KeyBlock,
  As2805KeyCryptogram: importAs2805KeyCryptogram,
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
  const member = onlyMember('KeyMaterial', input.KeyMaterial);
  const approval =
    member === 'RootCertificatePublicKey'
      ? await requestApproval(input.RequesterComment, context)
      : undefined;
  const counterpart = await counterpartOf('IN', member, input.KeyMaterial[member]!, context);
  return { Key: await importMember(member, input.KeyMaterial, { ...input, approval, counterpart }, context) };
};
