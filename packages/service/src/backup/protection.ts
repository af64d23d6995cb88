import { decodeHex, encodeHex, equal, Secret } from '@keywright/crypto';
import { MainKeyError, type MainKeyProvider } from '../custody/main-key.ts';
import type { MainKeyKind } from '../custody/main-key-files.ts';
import {
  areParameters,
  deriveMainKey,
  openParameters,
  type PassphraseParameters,
} from '../custody/passphrase-main-key.ts';
import { mainKeyId, sealUnder, unwrapSecret } from '../custody/sealing.ts';

/**
 * What a main key that is in a file goes into a backup under: the key of a passphrase, which is derived where the passphrase was typed. So
 * nothing that the service keeps of the request (dual control has a hash of it) helps to guess the passphrase.
 */
export interface Protection {
  readonly parameters: PassphraseParameters;
  /** Hexadecimal, 32 bytes. */
  readonly key: string;
}

/** Takes some tenths of a second; `passphrase` stays the caller's. @throws MainKeyError when it is short */
export function protectionOf(passphrase: Secret): Protection {
  const { parameters, key } = deriveMainKey(passphrase);
  using secret = key;
  return { parameters, key: secret.expose(encodeHex) };
}

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
  if (protection === undefined) {
    const reason = 'the main key is in a file, and goes into a backup under a passphrase only';
    throw new MainKeyError(
      'NO_PASSPHRASE',
      `${reason}: without it the backup could not be restored, or by whoever has it`,
    );
  }
  const { parameters, key } = protection;
  const secret = Secret.fromHex(key);
  if (areParameters(parameters) && equal(mainKeyId(secret), decodeHex(parameters.mainKeyId))) return secret;
  secret[Symbol.dispose]();
  throw new MainKeyError(
    'WRONG_PASSPHRASE',
    'the protection of the main key is malformed: key and parameters do not fit',
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
