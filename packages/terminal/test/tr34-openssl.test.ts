// With the openssl command as the authority of terminals and of hosts: it reads the terminal's request and token, and makes the
// certificates and revocation lists.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createCredentialToken, createKeyToken, type KeyPairOwner } from '@keywright/crypto';
import {
  MemoryStore,
  openSoftwareTerminal,
  type SoftwareTerminal,
  type TerminalToken,
  TOKEN_TYPE,
} from '@keywright/terminal';
import { hex } from './support.ts';
import { HOUR, KEK, secondPass } from './tr34-parties.ts';

const folder = mkdtempSync(join(tmpdir(), 'keywright-terminal-tr34-'));
after(() => rmSync(folder, { recursive: true }));

function openssl(...args: string[]): Buffer {
  const { status, stdout, stderr, error } = spawnSync('openssl', args, { cwd: folder });
  assert.equal(error, undefined, `these tests need the openssl command: ${error?.message}`);
  assert.equal(status, 0, `openssl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

const put = (name: string, bytes: Uint8Array | string) => writeFileSync(join(folder, name), bytes);
const get = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
const DAY = 24 * HOUR;

function makeAuthority(name: string): Uint8Array {
  const subject = ['-subj', `/CN=${name} authority`, '-days', '365'];
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.pem`,
    ...subject,
  );
  openssl('x509', '-in', `${name}.pem`, '-outform', 'DER', '-out', `${name}.der`);
  return get(`${name}.der`);
}

/** Issues a certificate for a request in PEM. */
function issue(name: string, authority: string): Uint8Array {
  const by = ['-CA', `${authority}.pem`, '-CAkey', `${authority}.key`, '-CAcreateserial', '-days', '300'];
  openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-outform', 'DER', '-out', `${name}.der`);
  return get(`${name}.der`);
}

function makeHost(name: string): KeyPairOwner {
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    '-subj',
    `/CN=${name}`,
  );
  const privateKey = createPrivateKey(readFileSync(join(folder, `${name}.key`)));
  return { certificate: issue(name, 'hosts'), privateKey };
}

const deviceAuthority = makeAuthority('devices');
const hostAuthority = makeAuthority('hosts');
const host = makeHost('host');

put(
  'ca.cnf',
  '[ca]\ndefault_ca = hosts\n[hosts]\ndatabase = index.txt\ncertificate = hosts.pem\nprivate_key = hosts.key\ndefault_md = sha256\n',
);
put('index.txt', '');

/** A list that is in force for some days from now on. */
function makeCrl(days: number): Uint8Array {
  openssl('ca', '-config', 'ca.cnf', '-gencrl', '-crldays', String(days), '-out', 'crl.pem');
  return new Uint8Array(openssl('crl', '-in', 'crl.pem', '-outform', 'DER'));
}

let now = Date.now() + HOUR;

/** A terminal that made its own key pair, with a certificate of OpenSSL's. */
async function certifiedTerminal(): Promise<SoftwareTerminal> {
  const terminal = openSoftwareTerminal({ store: new MemoryStore('T-4711'), clock: () => now });
  put('device.csr.der', await terminal.createCsr());
  const verified = openssl('req', '-inform', 'DER', '-in', 'device.csr.der', '-verify', '-out', 'device.csr');
  assert.equal(verified.length, 0);
  const device = issue('device', 'devices');
  const stored = await terminal.storeCertificates({ device, deviceAuthority, hostAuthority });
  assert.ok(stored.ok, JSON.stringify(stored));
  return terminal;
}

function keyToken(
  krdCertificate: Uint8Array,
  pass: { nonce: Uint8Array } | { time: Date },
  crl?: Uint8Array,
) {
  const header = 'D0000K0AB00E0000';
  const options = {
    key: hex(KEK),
    header,
    kdh: host,
    krdCertificate,
    contentCipher: 'AES_128_CBC',
    pass,
  } as const;
  return createKeyToken({ ...options, ...(crl && { crl }) });
}

test('OpenSSL reads and certifies the request; a key token for that certificate is opened', async () => {
  using terminal = await certifiedTerminal();
  const text = openssl('req', '-in', 'device.csr', '-noout', '-text').toString();
  assert.match(text, /Subject: CN = T-4711/);
  assert.match(text, /Public-Key: \(3072 bit\)/);
  assert.ok((await terminal.bindTR34(createCredentialToken({ certificate: host.certificate }))).ok);
  const { certificate, chain } = await terminal.getDeviceCertificate();
  put('shown.der', certificate);
  put('chain.der', chain[0]!);
  openssl('x509', '-inform', 'DER', '-in', 'chain.der', '-out', 'chain.pem');
  openssl('x509', '-inform', 'DER', '-in', 'shown.der', '-out', 'shown.pem');
  assert.match(openssl('verify', '-CAfile', 'chain.pem', 'shown.pem').toString(), /OK/);
  const result = await terminal.loadTR34Key(keyToken(certificate, await secondPass(terminal)));
  assert.ok(result.ok, JSON.stringify(result));
});

test("OpenSSL verifies the terminal's token with its certificate; the random number in it is open", async () => {
  using terminal = await certifiedTerminal();
  await terminal.bindTR34(createCredentialToken({ certificate: host.certificate }));
  const [header, payload, signature] = (await terminal.getTR31Token()).split('.') as [string, string, string];
  const { alg, typ, x5c } = JSON.parse(Buffer.from(header, 'base64url').toString());
  assert.deepEqual([alg, typ, x5c.length], ['RS256', TOKEN_TYPE, 2]);
  const certificate = Buffer.from(x5c[0], 'base64');
  put('signed', `${header}.${payload}`);
  put('signature', Buffer.from(signature, 'base64url'));
  put('public.pem', new X509Certificate(certificate).publicKey.export({ format: 'pem', type: 'spki' }));
  const verify = ['dgst', '-sha256', '-verify', 'public.pem', '-signature', 'signature', 'signed'];
  assert.match(openssl(...verify).toString(), /Verified OK/);
  const token: TerminalToken = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const { nonce, ...rest } = token;
  const iat = Math.floor(now / 1000);
  assert.deepEqual(rest, { sub: 'T-4711', iat, profile: 'generic-ped', keks: [] });
  const answer = keyToken(new Uint8Array(certificate), { nonce: new Uint8Array(Buffer.from(nonce, 'hex')) });
  const loaded = await terminal.loadTR34Key(answer);
  assert.ok(loaded.ok, JSON.stringify(loaded));
  const next: TerminalToken = JSON.parse(
    Buffer.from((await terminal.getTR31Token()).split('.')[1]!, 'base64url').toString(),
  );
  assert.deepEqual(next.keks, [{ slot: 'KEK-0', kcv: loaded.kcv, version: '00' }]);
  assert.notEqual(next.nonce, nonce);
});

test('before it has a certificate, its token shows the bare public key', async () => {
  using terminal = openSoftwareTerminal({ store: new MemoryStore('T-1') });
  const [header] = (await terminal.getTR31Token()).split('.');
  const { jwk, x5c } = JSON.parse(Buffer.from(header!, 'base64url').toString());
  assert.equal(x5c, undefined);
  assert.deepEqual(Object.keys(jwk).toSorted(), ['e', 'kty', 'n']);
});

test('a host that came with a revocation list has to bring a current one, and the latest list counts', async () => {
  const [short, long] = [makeCrl(2), makeCrl(30)];
  using terminal = await certifiedTerminal();
  const { certificate } = await terminal.getDeviceCertificate();
  assert.ok(
    (await terminal.bindTR34(createCredentialToken({ certificate: host.certificate, crl: short }))).ok,
  );
  const load = async (crl?: Uint8Array) => {
    const token = keyToken(certificate, { time: new Date(now) }, crl);
    return (await terminal.loadTR34Key(token, { overwrite: true, expectedKcv: '000000' })).status;
  };
  // Authentic and current when it comes as far as the check value.
  assert.equal(await load(), 'KCV_MISMATCH');
  now += 3 * DAY;
  assert.equal(await load(), 'CRL');
  assert.equal(await load(long), 'KCV_MISMATCH');
  openssl('x509', '-inform', 'DER', '-in', 'host.der', '-out', 'host.pem');
  openssl('ca', '-config', 'ca.cnf', '-revoke', 'host.pem');
  now += HOUR;
  assert.equal(await load(makeCrl(30)), 'CERTIFICATE_REVOKED');
});
