import type { Manifest } from '@keywright/service';

const OPENED_BY = {
  file: 'the passphrase that was typed when the backup was made',
  passphrase: "the service's passphrase",
  shares: "its custodians' shares",
  pkcs11: 'the token that holds it, with its PIN',
} as const;

/** What a backup says of itself. */
export function describeBackup({ createdAt, environment, mainKey, parts }: Manifest): string {
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  return [
    `a backup of the environment "${environment}", made ${createdAt}: ${parts.length} parts, ${bytes} bytes`,
    `its main key is ${mainKey.id} (${mainKey.kind}); it opens with ${OPENED_BY[mainKey.kind]}`,
    ...(mainKey.tokenUri === undefined ? [] : [`the token was ${mainKey.tokenUri}`]),
  ].join('\n');
}
