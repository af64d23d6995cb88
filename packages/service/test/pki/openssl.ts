import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AsymmetricAlgorithm } from '../../src/pki/public-key.ts';

// Certificates and their checks by the openssl command, in a folder of the process's own. Tools use them too, so that a hook of node:test would not do.

const folder = mkdtempSync(join(tmpdir(), 'pki-'));
process.once('exit', () => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

export function tryOpenssl(...args: string[]): Outcome {
  const { status, stdout, stderr, error } = spawnSync('openssl', args, { cwd: folder });
  assert.equal(error, undefined, `these tests need the openssl command: ${error?.message}`);
  return { status, output: `${stdout}${stderr}` };
}

/** Runs openssl, which must succeed. @returns what it prints */
export function openssl(...args: string[]): string {
  const { status, output } = tryOpenssl(...args);
  assert.equal(status, 0, `openssl ${args.join(' ')}: ${output}`);
  return output;
}

/** As `openssl`, for output that is not text. */
export function opensslBytes(...args: string[]): Buffer {
  const { status, stdout, stderr, error } = spawnSync('openssl', args, { cwd: folder });
  assert.equal(error, undefined, `these tests need the openssl command: ${error?.message}`);
  assert.equal(status, 0, `openssl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

let files = 0;

/** Writes a file. @returns its name */
export function put(content: string | Uint8Array): string {
  files += 1;
  const name = `file-${files}`;
  writeFileSync(join(folder, name), content);
  return name;
}

const KEYS: Record<AsymmetricAlgorithm, () => { privateKey: KeyObject }> = {
  RSA_2048: () => rsa(2048),
  RSA_3072: () => rsa(3072),
  RSA_4096: () => rsa(4096),
  ECC_NIST_P256: () => ec('P-256'),
  ECC_NIST_P384: () => ec('P-384'),
  ECC_NIST_P521: () => ec('P-521'),
};
const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });

const made = new Map<string, string>();

/** The file of a private key; the same one for the same label. */
export function keyFile(algorithm: AsymmetricAlgorithm, label = ''): string {
  const name = `${algorithm} ${label}`;
  const file = made.get(name) ?? put(KEYS[algorithm]().privateKey.export({ type: 'pkcs8', format: 'pem' }));
  made.set(name, file);
  return file;
}

/** A certificate, with what it takes to issue others by it. */
export interface Party {
  readonly certificate: X509Certificate;
  /** PEM. */
  readonly pem: string;
  /** As clients send it. */
  readonly base64: string;
  readonly file: string;
  readonly key: string;
}

export interface Profile {
  readonly name: string;
  readonly algorithm?: AsymmetricAlgorithm;
  /** Another key than the algorithm's. */
  readonly key?: string;
  /** Lines of OpenSSL's extension section. */
  readonly extensions?: readonly string[];
  /** As `openssl req` has it. */
  readonly digest?: string;
  readonly days?: number;
}

export const AUTHORITY = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign'];
export const LEAF = ['basicConstraints=critical,CA:FALSE'];

function party(pem: string, file: string, key: string): Party {
  const base64 = Buffer.from(pem).toString('base64');
  return { certificate: new X509Certificate(pem), pem, base64, file, key };
}

/** A certificate that its own key signs. */
export function selfSigned(profile: Profile): Party {
  const { name, algorithm = 'ECC_NIST_P256', extensions = AUTHORITY, digest = 'sha256', days = 30 } = profile;
  const key = profile.key ?? keyFile(algorithm, name);
  const config = put(`[req]\ndistinguished_name=dn\n[dn]\n[ext]\n${extensions.join('\n')}\n`);
  const how = ['-config', config, '-extensions', 'ext', `-${digest}`, '-days', `${days}`];
  const pem = openssl('req', '-x509', '-new', '-key', key, '-subj', `/CN=${name}`, ...how);
  return party(pem, put(pem), key);
}

/** A certificate that another party's key signs. */
export function issuedBy(issuer: Party, profile: Profile): Party {
  const { name, algorithm = 'ECC_NIST_P256', extensions = LEAF, digest = 'sha256', days = 20 } = profile;
  const key = profile.key ?? keyFile(algorithm, name);
  const config = put(`[req]\ndistinguished_name=dn\n[dn]\n`);
  const request = put(openssl('req', '-new', '-key', key, '-subj', `/CN=${name}`, '-config', config));
  const signer = ['-CA', issuer.file, '-CAkey', issuer.key, '-CAcreateserial'];
  const how = [`-${digest}`, '-days', `${days}`, '-extfile', put(extensions.join('\n'))];
  const out = put('');
  openssl('x509', '-req', '-in', request, ...signer, ...how, '-out', out);
  const pem = openssl('x509', '-in', out);
  return party(pem, out, key);
}
