import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { openSoftwareTerminal } from '@keywright/terminal';
import { importTerminals } from '../../src/fleet/import-terminals.ts';
import { FleetService } from './fleet-service.ts';

const BDK = '0123456789ABCDEFFEDCBA9876543210';

/** Terminals come with certificates of their maker's authority, made here by OpenSSL. */
class Maker {
  readonly #service: FleetService;

  constructor(service: FleetService) {
    this.#service = service;
    this.#openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:3072',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=Maker',
      '-days',
      '9',
    );
  }

  #openssl(...args: string[]): void {
    const { status, stderr, error } = spawnSync('openssl', args, { cwd: this.#service.directory });
    assert.equal(error, undefined, `this test needs the openssl command: ${error?.message}`);
    assert.equal(status, 0, String(stderr));
  }

  /** Base64 of the PEM, as AWS's API takes it. */
  get authority(): string {
    return readFileSync(this.#service.path('ca.pem')).toString('base64');
  }

  /** Makes a terminal with a certificate of that name, which trusts the service's authority. */
  async make(serial: string, hostAuthority: Buffer, name = serial): Promise<string> {
    const directory = this.#service.path(`terminals/${serial}`);
    await using terminal = openSoftwareTerminal({ directory, serial });
    writeFileSync(this.#service.path(`${serial}.csr`), await terminal.createCsr());
    const csr = [
      'x509',
      '-req',
      '-inform',
      'DER',
      '-in',
      `${serial}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
    ];
    this.#openssl(
      ...csr,
      '-CAcreateserial',
      '-set_serial',
      `0x1${serial.length}`,
      '-days',
      '8',
      '-subj',
      `/CN=${name}`,
      '-outform',
      'DER',
      '-out',
      `${serial}.der`,
    );
    const device = readFileSync(this.#service.path(`${serial}.der`));
    const deviceAuthority = Buffer.from(
      readFileSync(this.#service.path('ca.pem'), 'latin1').replace(/-----.*?-----|\s/g, ''),
      'base64',
    );
    const stored = await terminal.storeCertificates({ device, deviceAuthority, hostAuthority });
    assert.ok(stored.ok, JSON.stringify(stored));
    return directory;
  }
}

test('terminals get their KEKs by TR-34, and then their keys under them', async (t) => {
  const service = await FleetService.start(t);
  const bdk = await service.importKey('B0', 'T', 'X', BDK);
  await service.setUp(bdk, 'FFFF987654', {});
  const maker = new Maker(service);
  const { Key: authority } = await service.keys.importKey({
    KeyMaterial: {
      RootCertificatePublicKey: {
        PublicKeyCertificate: maker.authority,
        KeyAttributes: {
          KeyUsage: 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE',
          KeyClass: 'PUBLIC_KEY',
          KeyAlgorithm: 'RSA_3072',
          KeyModesOfUse: { Verify: true },
        },
      },
    },
  });
  const { certificateChain } = await service.fleet.get<{ certificateChain: string }>('/host-certificate');
  const pem = Buffer.from(certificateChain, 'base64').toString();
  const hostAuthority = Buffer.from(pem.replace(/-----.*?-----|\s/g, ''), 'base64');
  const good = await maker.make('G-1', hostAuthority);
  await maker.make('G-2', hostAuthority);
  // It shows a certificate that is another terminal's.
  await maker.make('B-1', hostAuthority, 'G-1');
  const csv = service.path('terminals.csv');
  writeFileSync(csv, 'serial,group\nG-1,shops\nG-2,shops\nB-1,shops\n');
  await importTerminals(service.fleet, csv);

  const command = ['--authority', authority!.KeyArn!, '--directory', service.path('terminals')];
  const { status, output } = await service.run('fleet', 'bootstrap', ...command);
  assert.equal(status, 1);
  assert.match(output, /B-1: ValidationException: certificate is not of terminal B-1/);
  for (const serial of ['G-1', 'G-2']) assert.match(output, new RegExp(`${serial} has its KEK`));
  const { state, kek } = await service.fleet.get<{ state: string; kek: string }>('/terminals/G-1');
  assert.equal(state, 'BOOTSTRAPPED');

  const runId = await service.start();
  const run = await service.run('inject', '--run', runId, '--directory', service.path('terminals'));
  assert.match(run.output, /2 of 3 terminals have every key/);
  assert.match(run.output, /B-1: NO_KEK/);
  await using terminal = openSoftwareTerminal({ directory: good });
  await service.assertPinArrives(terminal, bdk);
  await terminal[Symbol.asyncDispose]();

  // Once more gives another KEK, in the place of the one before.
  assert.match((await service.run('fleet', 'bootstrap', ...command)).output, /G-1 has its KEK/);
  assert.notEqual((await service.fleet.get<{ kek: string }>('/terminals/G-1')).kek, kek);
});
