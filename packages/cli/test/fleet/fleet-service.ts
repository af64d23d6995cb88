// A service in a process of its own, and a fleet of simulated terminals: for tests that kill things.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { PaymentCryptography } from '@aws-sdk/client-payment-cryptography';
import {
  decodeHex,
  decryptPinBlock,
  encodeAscii,
  type KeyBlockHeader,
  keyCheckValue,
  Secret,
  wrapKeyBlock,
} from '@keywright/crypto';
import type { PosTerminal } from '@keywright/terminal';
import { freePort } from '../../../service/test/http/free-port.ts';
import { importKek } from '../../src/ceremony/import-kek.ts';
import { openRsaRoute } from '../../src/ceremony/rsa-route.ts';
import type { Run, RunKey } from '../../src/fleet/fleet-api.ts';
import { connectToFleet, type FleetClient, pagesOf } from '../../src/fleet/fleet-client.ts';
import { importTerminals } from '../../src/fleet/import-terminals.ts';
import { simulateTerminals } from '../../src/fleet/simulate.ts';
import { DataPlaneClient } from '../../src/story/data-plane-client.ts';
import { LAUNCHER } from '../keywright.ts';

const REGION = 'us-east-2';
const TRANSPORT = 'F0E1D2C3B4A5968778695A4B3C2D1E0F';
const PEK = '0123456789ABCDEF0011223344556677';
const PAN = '4111111111111111';
const PIN = '73916';

export class FleetService {
  readonly directory = mkdtempSync(join(tmpdir(), 'keywright-test-'));
  readonly #processes = new Set<ChildProcess>();
  readonly #port: number;
  #service: ChildProcess | undefined;
  fleet!: FleetClient;
  keys!: PaymentCryptography;
  #data!: DataPlaneClient;
  #transport = '';
  #pek = '';

  private constructor(port: number) {
    this.#port = port;
  }

  static async start(t: TestContext): Promise<FleetService> {
    const service = new FleetService(await freePort());
    t.after(() => service.#close());
    await service.serve();
    await service.#connect();
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get #environment(): NodeJS.ProcessEnv {
    const credentials = join(this.directory, '.keywright', 'aws-credentials');
    return {
      ...process.env,
      KEYWRIGHT_PORT: String(this.#port),
      KEYWRIGHT_DATA_DIR: join(this.directory, '.keywright'),
      AWS_ENDPOINT_URL: this.url,
      AWS_SHARED_CREDENTIALS_FILE: credentials,
      AWS_REGION: REGION,
    };
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** Starts a command. */
  spawn(...args: string[]): ChildProcess {
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    const child = spawn(process.execPath, [LAUNCHER, ...args], { env: this.#environment, stdio: [...stdio] });
    this.#processes.add(child);
    child.on('exit', () => this.#processes.delete(child));
    return child;
  }

  /** Runs a command to its end. */
  async run(...args: string[]): Promise<{ status: number; output: string }> {
    const child = this.spawn(...args);
    let output = '';
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (text) => {
        output += text;
      });
    }
    const [status] = await once(child, 'close');
    return { status, output };
  }

  /** Starts the service, again after it was killed. */
  async serve(): Promise<void> {
    this.#service = this.spawn('serve');
    for await (const line of createInterface({ input: this.#service.stdout! })) {
      if (line.startsWith('keywright ready')) return;
    }
    throw new Error('the service did not become ready');
  }

  async kill(child = this.#service!): Promise<void> {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async #close(): Promise<void> {
    this.keys?.destroy();
    await Promise.all([...this.#processes].map((child) => this.kill(child)));
    rmSync(this.directory, { recursive: true });
  }

  async #connect(): Promise<void> {
    process.env.AWS_SHARED_CREDENTIALS_FILE = this.#environment.AWS_SHARED_CREDENTIALS_FILE;
    const ini = readFileSync(this.#environment.AWS_SHARED_CREDENTIALS_FILE!, 'utf8');
    const value = (name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(ini)![1]!;
    const credentials = {
      accessKeyId: value('aws_access_key_id'),
      secretAccessKey: value('aws_secret_access_key'),
    };
    const address = { endpoint: this.url, region: REGION };
    this.keys = new PaymentCryptography({ ...address, credentials });
    this.#data = new DataPlaneClient({ ...address, credentials });
    this.fleet = connectToFleet({ endpointUrl: this.url, region: REGION });
    await using route = await openRsaRoute({ service: this.keys, now: Date.now });
    using key = Secret.fromHex(TRANSPORT);
    const usage = 'TR31_K0_KEY_ENCRYPTION_KEY';
    const kcv = keyCheckValue('AES', key);
    const kek = { key, kcv, algorithm: 'AES_128', usage, exportable: false } as const;
    this.#transport = await importKek(this.keys, route, kek);
    this.#pek = await this.importKey('P0', 'A', 'B', PEK);
  }

  /** Imports a key with known bytes, as another party would send it. */
  async importKey(keyUsage: string, algorithm: string, modeOfUse: string, hex: string): Promise<string> {
    const fixed = {
      version: 'D',
      keyVersion: '00',
      exportability: 'E',
      keyContext: '0',
      reserved: '0',
    } as const;
    const header: KeyBlockHeader = { ...fixed, keyUsage, algorithm, modeOfUse };
    using kbpk = Secret.fromHex(TRANSPORT);
    using key = Secret.fromHex(hex);
    const WrappedKeyBlock = wrapKeyBlock({ kbpk, header, key });
    const { Key } = await this.keys.importKey({
      KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: this.#transport, WrappedKeyBlock } },
    });
    return Key!.KeyArn!;
  }

  /** A profile with one PIN key, a group of it, and racks of simulated terminals in that. */
  async setUp(bdk: string, keySetId: string, racks: Readonly<Record<string, number>>): Promise<void> {
    const device = { model: 'generic-ped', policy: 'strict', kekSlot: 'KEK-0' };
    const keys = [{ purpose: 'PIN', slot: 'DUKPT-0', bdk, keySetId }];
    await this.fleet.send('POST', '/profiles', { name: 'counter', device, keys });
    await this.fleet.send('POST', '/groups', { name: 'shops', profile: 'counter' });
    for (const [prefix, count] of Object.entries(racks)) {
      const files = { rack: this.path(`${prefix}.rack`), csv: this.path(`${prefix}.csv`) };
      const { model, kekSlot } = device;
      await simulateTerminals(this.keys, { group: 'shops', count, prefix, model, kekSlot, ...files });
      await importTerminals(this.fleet, files.csv);
    }
  }

  async start(): Promise<string> {
    return (await this.fleet.send<Run>('POST', '/runs', { group: 'shops' })).runId;
  }

  async describe(runId: string): Promise<Run> {
    return this.fleet.get<Run>(`/runs/${runId}`);
  }

  async report(runId: string): Promise<RunKey[]> {
    const keys: RunKey[] = [];
    for await (const page of pagesOf<{ keys: RunKey[]; nextToken?: string }>(
      this.fleet,
      `/runs/${runId}/keys`,
    )) {
      keys.push(...page.keys);
    }
    return keys;
  }

  /** Resolves once so many keys of a run are done. */
  async untilDone(runId: string, count: number): Promise<void> {
    for (;;) {
      const { DONE: done = 0 } = (await this.describe(runId)).keys;
      if (done >= count) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** A terminal takes a PIN; the host translates it to another key, under which it is looked at. */
  async assertPinArrives(terminal: PosTerminal, bdk: string): Promise<string> {
    using pin = Secret.take(encodeAscii(PIN));
    const { pinBlock, ksn } = await terminal.encryptPin({ slot: 'DUKPT-0', pin, pan: PAN, format: 0 });
    const { PinBlock } = await this.#data.call<{ PinBlock: string }>('/pindata/translate', {
      IncomingKeyIdentifier: bdk,
      IncomingTranslationAttributes: { IsoFormat0: { PrimaryAccountNumber: PAN } },
      IncomingDukptAttributes: { KeySerialNumber: ksn },
      EncryptedPinBlock: pinBlock,
      OutgoingKeyIdentifier: this.#pek,
      OutgoingTranslationAttributes: { IsoFormat4: { PrimaryAccountNumber: PAN } },
    });
    using key = Secret.fromHex(PEK);
    const block = decodeHex(PinBlock);
    using arrived = decryptPinBlock({ format: 'ISO_4', algorithm: 'AES', key, pan: PAN, block });
    assert.ok(arrived.equals(pin), 'another PIN arrived');
    return ksn!;
  }
}
