import { decodeHex, encodeHex, type Secret } from '@keywright/crypto';
import { MainKeyError, type MainKeyProvider } from '../custody/main-key.ts';
import type { MainKeyKind } from '../custody/main-key-files.ts';
import {
  openParameters,
  type PassphraseKey,
  type PassphraseParameters,
  readPassphraseKey,
} from '../custody/passphrase-main-key.ts';
import { sealUnder, unwrapSecret } from '../custody/sealing.ts';

/** What a main key that is in a file goes into a backup under. */
export type Protection = PassphraseKey;

interface WrappedMainKey {
  readonly version: 1;
  readonly parameters: PassphraseParameters;
  /** Hexadecimal: the main key sealed under the passphrase's. */
  readonly wrapped: string;
}

/** @throws MainKeyError unless a main key of that kind takes this protection, or none */
export function assertProtection(kind: MainKeyKind, protection: Protection | undefined): void {
  if (kind === 'file') {
    using _key = keyOf(protection);
    return;
  }
  if (protection === undefined) return;
  const message = `a main key of the kind "${kind}" goes into no backup, and so takes no protection`;
  throw new MainKeyError('OTHER_KIND', message);
}

function keyOf(protection: Protection | undefined): Secret {
  if (protection !== undefined) return readPassphraseKey(protection);
  const reason = 'the main key is in a file, and goes into a backup under a passphrase only';
  throw new MainKeyError(
    'NO_PASSPHRASE',
    `${reason}: without it the backup could not be restored, or by whoever has it`,
  );
}

/** The main key under the protection, as a part of a backup. @throws MainKeyError */
export async function protectMainKey(
  mainKey: MainKeyProvider,
  protection: Protection | undefined,
): Promise<Uint8Array> {
  using key = keyOf(protection);
  using other = sealUnder(key);
  const wrapped = encodeHex(await mainKey.wrapUnder!(other));
  const part: WrappedMainKey = { version: 1, parameters: protection!.parameters, wrapped };
  return Buffer.from(`${JSON.stringify(part, undefined, 2)}\n`);
}

/** The main key in a part of a backup; the caller's. @throws MainKeyError, SealError */
export async function openProtected(text: string, passphrase: Secret, name: string): Promise<Secret> {
  const { version, parameters, wrapped } = JSON.parse(text) as Partial<WrappedMainKey>;
  if (version !== 1 || !/^(?:[0-9A-F]{2})+$/.test(`${wrapped}`))
    throw new MainKeyError('DAMAGED_FILE', `the part ${name} of the backup is none that this release reads`);
  using other = openParameters(passphrase, JSON.stringify(parameters), name);
  return await unwrapSecret(decodeHex(wrapped!), other);
}
