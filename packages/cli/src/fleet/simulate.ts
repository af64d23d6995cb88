import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import {
  combineComponents,
  type KeyBlockHeader,
  keyCheckValue,
  randomBytes,
  Secret,
  splitKey,
  wrapKeyBlock,
} from '@keywright/crypto';
import { openRack, openSoftwareTerminal, type ProfileName, type Rack } from '@keywright/terminal';
import { ask } from '../ceremony/ask.ts';
import { importKek } from '../ceremony/import-kek.ts';
import { openRsaRoute } from '../ceremony/rsa-route.ts';
import type { KeyService } from '../ceremony/service-client.ts';
import { Failure } from '../failure.ts';
import { showProgress } from './progress.ts';

export interface Simulation {
  readonly group: string;
  readonly count: number;
  readonly prefix: string;
  readonly model: string;
  readonly kekSlot: string;
  /** The rack file that the terminals go into, and the CSV file to import them from. */
  readonly rack: string;
  readonly csv: string;
}

const KEK_HEADER: KeyBlockHeader = {
  version: 'D',
  keyUsage: 'K0',
  algorithm: 'A',
  modeOfUse: 'B',
  keyVersion: '00',
  exportability: 'N',
  keyContext: '0',
  reserved: '0',
};

/** Terminals that are made at a time; their files are written in one go. */
const PART = 32;
const PARTS_AT_ONCE = 32;

/** The key that the KEKs travel to the service under; it goes again with the disposal. */
async function sendTransportKey(service: KeyService): Promise<{ key: Secret; arn: string }> {
  const key = Secret.take(randomBytes(16));
  const kcv = keyCheckValue('AES', key);
  await using route = await openRsaRoute({ service, now: Date.now });
  const usage = 'TR31_K0_KEY_ENCRYPTION_KEY';
  const arn = await importKek(service, route, { key, kcv, algorithm: 'AES_128', usage, exportable: false });
  return { key, arn };
}

/** Custodians enter a new KEK into a terminal, in two components. */
async function enterKek(rack: Rack, serial: string, { model, kekSlot }: Simulation): Promise<Secret> {
  using made = Secret.take(randomBytes(16));
  const { components } = splitKey({ algorithm: 'AES', key: made, count: 2 });
  await using terminal = openSoftwareTerminal({ store: rack.store(serial), profile: model as ProfileName });
  for (const [i, { component }] of components.entries()) {
    const input = { algorithm: 'AES', component, number: i + 1, of: 2 } as const;
    const result = await terminal.loadKeyComponent(kekSlot, input);
    if (!result.ok) throw new Failure(`${serial} refused component ${i + 1}: ${result.message}`);
  }
  const { key } = combineComponents({
    algorithm: 'AES',
    components: components.map(({ component }) => component),
  });
  for (const { component } of components) component[Symbol.dispose]();
  return key;
}

/** The service gets the same KEK as a key block. */
async function importTerminalKek(
  service: KeyService,
  key: Secret,
  transport: { key: Secret; arn: string },
): Promise<string> {
  const WrappedKeyBlock = wrapKeyBlock({ kbpk: transport.key, header: KEK_HEADER, key });
  const { Key } = await ask('ImportKey', () =>
    service.importKey({
      KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: transport.arn, WrappedKeyBlock } },
    }),
  );
  return Key!.KeyArn!;
}

function serialsOf({ prefix, count }: Simulation): string[] {
  const digits = Math.max(4, String(count).length);
  return Array.from({ length: count }, (_, i) => `${prefix}${String(i + 1).padStart(digits, '0')}`);
}

/**
 * Makes simulated terminals, each with a KEK that the service has too, and the CSV file to import them from: to try a fleet, and
 * to measure one. Real terminals get their KEKs by a ceremony or by TR-34.
 *
 * @throws Failure when a file is there already, or the service refuses
 */
export async function simulateTerminals(service: KeyService, simulation: Simulation): Promise<void> {
  const { rack: path, csv, group } = simulation;
  for (const file of [path, csv]) if (existsSync(file)) throw new Failure(`${file} is there already`);
  using rack = openRack(path);
  const transport = await sendTransportKey(service);
  using _ = transport.key;
  const serials = serialsOf(simulation);
  writeFileSync(csv, 'serial,group,kek\n');
  const parts = Array.from({ length: Math.ceil(serials.length / PART) }, (_, i) =>
    serials.slice(i * PART, (i + 1) * PART),
  );
  using progress = showProgress(serials.length);
  const work = async () => {
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      const lines: string[] = [];
      for (const serial of part) {
        using kek = await enterKek(rack, serial, simulation);
        lines.push(`${serial},${group},${await importTerminalKek(service, kek, transport)}\n`);
        progress.settled(serial, { kind: 'DONE' });
      }
      appendFileSync(csv, lines.join(''));
    }
  };
  await Promise.all(Array.from({ length: PARTS_AT_ONCE }, work));
  await ask('DeleteKey', () => service.deleteKey({ KeyIdentifier: transport.arn }));
}
