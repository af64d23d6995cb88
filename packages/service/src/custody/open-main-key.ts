import { Secret } from '@keywright/crypto';
import { readPrivateFile } from '../private-file.ts';
import { openFileMainKey } from './file-main-key.ts';
import type { MainKeyProvider } from './main-key.ts';
import { mainKeyPath } from './main-key-files.ts';
import { openPassphraseMainKey } from './passphrase-main-key.ts';
import { openPkcs11MainKey } from './pkcs11-main-key.ts';

/** Where the main key comes from: a file in the data directory, a passphrase, which `file` holds, custodians'
 * shares, or a token that a PKCS#11 URI names. */
export type MainKeySource =
  | { readonly kind: 'file' }
  | { readonly kind: 'passphrase'; readonly file: string }
  | { readonly kind: 'shares' }
  | { readonly kind: 'pkcs11'; readonly uri: string };

const LINE_FEED = 10;

/** The passphrase is the file's content without the line feed that editors put at its end. */
function readPassphrase(file: string): Secret {
  const content = readPrivateFile(file);
  const passphrase = Secret.copyOf(content.subarray(0, content.at(-1) === LINE_FEED ? -1 : undefined));
  content.fill(0);
  return passphrase;
}

/**
 * The main key, or undefined where custodians have to bring it. The first start makes one, but for that of custodians.
 *
 * @throws MainKeyError, NotPrivateError
 */
export function openMainKey(source: MainKeySource, dataDirectory: string): MainKeyProvider | undefined {
  const path = mainKeyPath(dataDirectory, source.kind);
  if (source.kind === 'shares') return undefined;
  if (source.kind === 'file') return openFileMainKey(path);
  if (source.kind === 'pkcs11') return openPkcs11MainKey(source.uri, path);
  using passphrase = readPassphrase(source.file);
  return openPassphraseMainKey(passphrase, path);
}
