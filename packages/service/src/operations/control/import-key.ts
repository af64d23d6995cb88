import type { ImportKeyInput, ImportKeyMaterial, Key } from '../../api/control-plane.generated.ts';
import { comesLater, refuseLaterMembers } from '../../policy/later.ts';
import { importKeyCryptogram } from '../import/key-cryptogram.ts';
import { importTr31KeyBlock } from '../import/tr31-key-block.ts';
import { onlyMember } from '../only-member.ts';
import type { Context, Operation } from '../operation.ts';

type LaterMaterial = Exclude<keyof ImportKeyMaterial, 'Tr31KeyBlock' | 'KeyCryptogram'>;

const LATER: Readonly<Record<LaterMaterial, string>> = {
  Tr34KeyBlock: 'TR-34 comes',
  RootCertificatePublicKey: 'certificates come',
  TrustedCertificatePublicKey: 'certificates come',
  DiffieHellmanTr31KeyBlock: 'ECDH comes',
  As2805KeyCryptogram: 'AS 2805 comes',
};

async function importMaterial(input: ImportKeyInput, context: Context): Promise<Key> {
  const { Tr31KeyBlock, KeyCryptogram } = input.KeyMaterial;
  const member = onlyMember('KeyMaterial', input.KeyMaterial);
  if (Tr31KeyBlock) return importTr31KeyBlock(Tr31KeyBlock, input, context);
  if (KeyCryptogram) return importKeyCryptogram(KeyCryptogram, input, context);
  throw comesLater(`KeyMaterial.${member}`, LATER[member as LaterMaterial]);
}

export const importKey: Operation<'ImportKey'> = async (input, context) => {
  refuseLaterMembers(input);
  return { Key: await importMaterial(input, context) };
};
