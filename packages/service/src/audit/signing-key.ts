import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { Secret } from '@keywright/crypto';
import { documentsOf, type Keeping } from '../custody/documents.ts';
import { DuplicateRecordError } from '../store/errors.ts';
import { type CheckpointSigner, checkpointSigner } from './checkpoint.ts';

const KIND = 'audit-signing-key';
const ID = '1';

function signerOf(der: Secret): CheckpointSigner {
  const privateKey = der.expose((bytes) =>
    createPrivateKey({
      key: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      format: 'der',
      type: 'pkcs8',
    }),
  );
  return checkpointSigner(privateKey);
}

function generateKey(): Secret {
  const { privateKey } = generateKeyPairSync('ed25519');
  return Secret.take(privateKey.export({ type: 'pkcs8', format: 'der' }));
}

/**
 * The key that signs the checkpoints of every chain, made at the first start and kept sealed under the main key: who has the files of the
 * audit alone can't sign.
 *
 * @throws SealError when it does not open
 */
export async function openSigningKey(keeping: Keeping): Promise<CheckpointSigner> {
  const documents = documentsOf<Record<string, never>>(KIND, keeping);
  const found = await documents.find(ID);
  using der = found ? await documents.openSecret(found) : generateKey();
  if (found) return signerOf(der);
  try {
    await keeping.store.writeDocuments([await documents.insert({ id: ID, group: '', body: {} }, der)]);
    return signerOf(der);
  } catch (error) {
    // Another process was first.
    if (error instanceof DuplicateRecordError) return openSigningKey(keeping);
    throw error;
  }
}
