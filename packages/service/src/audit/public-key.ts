import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckpointSigner } from './checkpoint.ts';

/** Beside the chains, for whoever verifies them: taken from here once and kept elsewhere, it pins the service. */
export const PUBLIC_KEY_NAME = 'public-key.pem';

/** Writes the public key beside the chains. @throws what the operating system says */
export function exportPublicKey(directory: string, { publicKey }: CheckpointSigner): void {
  writeFileSync(join(directory, PUBLIC_KEY_NAME), publicKey, { mode: 0o600 });
}
