import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PaymentCryptography } from '@aws-sdk/client-payment-cryptography';
import type { Run } from '../../packages/cli/src/fleet/fleet-api.ts';
import { connectToFleet, type FleetClient } from '../../packages/cli/src/fleet/fleet-client.ts';
import { importTerminals } from '../../packages/cli/src/fleet/import-terminals.ts';
import { simulateTerminals } from '../../packages/cli/src/fleet/simulate.ts';
import { PINNING, spawnNode } from './pinned.ts';
import { usageOf } from './process-usage.ts';
import type { BenchOptions, Row } from './row.ts';
import { type BenchService, startService } from './servers.ts';

const SIZES = { usual: 1000, full: 100_000 } as const;

export const title = `a fleet: simulated terminals get and prove a TDES DUKPT initial key; one service and one agent, each on a core of its own, the agent killed (SIGKILL) on the way and started again; ${SIZES.usual.toLocaleString('en')} terminals, with --full ${SIZES.full.toLocaleString('en')}; ${PINNING}`;

const REGION = 'us-east-2';
const LAUNCHER = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'keywright.js');
const LEASE_SECONDS = 5;
/** Terminals that the agent has in hand at a time. */
const PARALLEL = 400;
const EXPORTS = 300;

interface Bench {
  readonly service: BenchService;
  readonly keys: PaymentCryptography;
  readonly fleet: FleetClient;
  readonly directory: string;
  readonly terminals: number;
}

/** What something took: of the clock, and of the service's processor and memory. */
async function measure(
  { service, terminals }: Bench,
  name: string,
  work: () => Promise<unknown>,
  units = terminals,
): Promise<Row> {
  const [before, began] = [usageOf(service.pid), performance.now()];
  await work();
  const [after, seconds] = [usageOf(service.pid), (performance.now() - began) / 1000];
  return {
    '': name,
    seconds: seconds.toFixed(1),
    'a second': Math.round(units / seconds),
    'service CPU, µs each': Math.round((after.cpu - before.cpu) / units),
    'service, MB': Math.round(after.resident / 2 ** 20),
  };
}

async function createBdk({ keys }: Bench): Promise<string> {
  const { Key } = await keys.createKey({
    Exportable: true,
    KeyAttributes: {
      KeyUsage: 'TR31_B0_BASE_DERIVATION_KEY',
      KeyClass: 'SYMMETRIC_KEY',
      KeyAlgorithm: 'TDES_2KEY',
      KeyModesOfUse: { DeriveKey: true },
    },
  });
  return Key!.KeyArn!;
}

/** What the run is compared with: a client that asks for the same blocks one by one, and does nothing else. */
async function exportOneByOne({ keys }: Bench, bdk: string): Promise<void> {
  const { Key } = await keys.createKey({
    Exportable: true,
    KeyAttributes: {
      KeyUsage: 'TR31_K0_KEY_ENCRYPTION_KEY',
      KeyClass: 'SYMMETRIC_KEY',
      KeyAlgorithm: 'AES_128',
      KeyModesOfUse: { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true },
    },
  });
  for (let i = 0; i < EXPORTS; i += 1) {
    const KeySerialNumber = ((BigInt(i + 1) << 21n) | (0xffff00n << 56n))
      .toString(16)
      .toUpperCase()
      .padStart(20, '0');
    await keys.exportKey({
      ExportKeyIdentifier: bdk,
      KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: Key!.KeyArn! } },
      ExportAttributes: { ExportDukptInitialKey: { KeySerialNumber } },
    });
  }
}

async function setUpGroup({ fleet }: Bench, bdk: string): Promise<void> {
  const device = { model: 'generic-ped', policy: 'strict', kekSlot: 'KEK-0' };
  const keys = [{ purpose: 'PIN', slot: 'DUKPT-0', bdk, keySetId: 'FFFF987654' }];
  await fleet.send('POST', '/profiles', { name: 'bench', device, keys });
  await fleet.send('POST', '/groups', { name: 'bench', profile: 'bench' });
}

async function doneOf({ fleet }: Bench, runId: string): Promise<number> {
  return (await fleet.get<Run>(`/runs/${runId}`)).keys.DONE ?? 0;
}

/** An agent in a process of its own, and the most memory that it was seen with. */
class Agent {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  most = 0;

  constructor({ directory, service }: Bench, runId: string) {
    const rack = join(directory, 'rack');
    const options = ['--rack', rack, '--parallel', String(PARALLEL), '--lease', String(LEASE_SECONDS)];
    this.#child = spawnNode([LAUNCHER, 'inject', '--run', runId, ...options, '--region', REGION], '1', {
      env: { ...process.env, AWS_ENDPOINT_URL: service.url },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.#exited = once(this.#child, 'exit');
  }

  look(): void {
    if (this.#child.exitCode === null) this.most = Math.max(this.most, usageOf(this.#child.pid!).resident);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  async end(): Promise<void> {
    await this.#exited;
    if (this.#child.exitCode !== 0) throw new Error(`the agent ended with status ${this.#child.exitCode}`);
  }
}

const LOOK = 500;

/** Lets an agent work until so many keys are done, and kills it. */
async function killAt(bench: Bench, runId: string, count: number): Promise<void> {
  const agent = new Agent(bench, runId);
  // Counting is work for the service too: the more there is to count, the less often.
  const pause = Math.max(100, bench.terminals / 50);
  while ((await doneOf(bench, runId)) < count) await wait(pause);
  await agent.kill();
}

async function finish(bench: Bench, runId: string, noteMemory: (bytes: number) => void): Promise<void> {
  const agent = new Agent(bench, runId);
  const timer = setInterval(() => agent.look(), LOOK);
  try {
    await agent.end();
  } finally {
    clearInterval(timer);
    noteMemory(agent.most);
  }
}

async function* stages(bench: Bench): AsyncIterable<Row> {
  const { keys, directory, terminals: count, fleet } = bench;
  const bdk = await createBdk(bench);
  yield await measure(
    bench,
    'ExportKey of an initial key, one by one',
    () => exportOneByOne(bench, bdk),
    EXPORTS,
  );
  await setUpGroup(bench, bdk);
  const files = { rack: join(directory, 'rack'), csv: join(directory, 'terminals.csv') };
  const simulation = {
    group: 'bench',
    count,
    prefix: 'B-',
    model: 'generic-ped',
    kekSlot: 'KEK-0',
    ...files,
  };
  yield await measure(bench, 'terminals made, their KEKs imported', () =>
    simulateTerminals(keys, simulation),
  );
  yield await measure(bench, 'inventory imported from CSV', () => importTerminals(fleet, files.csv));
  let runId = '';
  yield await measure(bench, 'run started', async () => {
    ({ runId } = await fleet.send<Run>('POST', '/runs', { group: 'bench' }));
  });
  const third = Math.floor(count / 3);
  yield await measure(
    bench,
    'keys loaded and proven until the kill',
    () => killAt(bench, runId, third),
    third,
  );
  const left = count - (await doneOf(bench, runId));
  let memory = 0;
  const resumed = await measure(
    bench,
    'the rest, by an agent started again',
    () =>
      finish(bench, runId, (bytes) => {
        memory = bytes;
      }),
    left,
  );
  yield { ...resumed, 'agent, MB': Math.round(memory / 2 ** 20) };
  const done = await doneOf(bench, runId);
  if (done !== count) throw new Error(`${done} of ${count} terminals have their key`);
}

export async function* run({ full }: BenchOptions): AsyncIterable<Row> {
  const directory = mkdtempSync(join(tmpdir(), 'keywright-bench-'));
  try {
    await using service = await startService();
    const { accessKeyId, secretAccessKey } = service.credentials;
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
    const address = { endpoint: service.url, region: REGION };
    const keys = new PaymentCryptography({ ...address, credentials: service.credentials });
    const fleet = connectToFleet({ endpointUrl: service.url, region: REGION });
    yield* stages({ service, keys, fleet, directory, terminals: full ? SIZES.full : SIZES.usual });
    keys.destroy();
  } finally {
    rmSync(directory, { recursive: true });
  }
}
