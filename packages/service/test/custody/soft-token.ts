import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARIES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/*/softhsm/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];
const ADVICE =
  'SoftHSM2 is missing: install the package softhsm2 of the distribution, or run the tests as root';

function findLibrary(): string | undefined {
  return LIBRARIES.flatMap((pattern) => globSync(pattern))[0];
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  assert.equal(status, 0, `${command} ${args[0]}: ${error?.message ?? stderr}`);
}

/** SoftHSM2's library; installed from the distribution's packages when it is not there and the tests run as root. */
export function softHsmLibrary(): string {
  const found = findLibrary();
  if (found !== undefined) return found;
  assert.ok(process.getuid?.() === 0 && existsSync('/usr/bin/apt-get'), ADVICE);
  console.log('SoftHSM2 is missing; apt-get installs softhsm2');
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-qq', '-y', 'softhsm2']);
  const installed = findLibrary();
  assert.ok(installed !== undefined, ADVICE);
  return installed;
}

export const PIN = '48151623';

/** A fresh software token of that label, in a folder, and the URI of a key in it. */
export function newSoftToken(
  folder: string,
  label: string,
): { readonly uri: string; readonly tokens: string } {
  const library = softHsmLibrary();
  const tokens = join(folder, 'tokens');
  mkdirSync(tokens, { recursive: true });
  const configuration = join(folder, 'softhsm2.conf');
  writeFileSync(
    configuration,
    `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  process.env.SOFTHSM2_CONF = configuration;
  run('softhsm2-util', ['--init-token', '--free', '--label', label, '--so-pin', '87654321', '--pin', PIN]);
  const pinFile = join(folder, 'pin');
  writeFileSync(pinFile, `${PIN}\n`, { mode: 0o600 });
  return {
    uri: `pkcs11:token=${encodeURIComponent(label)};object=main%20key?module-path=${library}&pin-source=file:${pinFile}`,
    tokens,
  };
}
