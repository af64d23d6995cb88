import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { KeyAlgorithm } from '../../src/api/control-plane.generated.ts';
import { AwsException } from '../../src/api/exceptions.ts';
import { type Claimed, claimTerminals, type Task } from '../../src/fleet/claim.ts';
import { type ExportedBlocks, exportBlocks, type OutgoingBlock } from '../../src/fleet/export-blocks.ts';
import { type FleetContext, fleetContext } from '../../src/fleet/fleet-context.ts';
import { createGroup } from '../../src/fleet/groups.ts';
import { commitImport, stageImport } from '../../src/fleet/imports.ts';
import { createProfile, type NewProfileKey } from '../../src/fleet/profiles.ts';
import type { Challenge } from '../../src/fleet/proof.ts';
import { type LoadReport, type ReportAnswer, reportLoads } from '../../src/fleet/report.ts';
import { startRun } from '../../src/fleet/runs.ts';
import { Service } from '../operations/service.ts';
import { Device } from './device.ts';

export const DEVICE = { model: 'generic-ped', policy: 'strict', kekSlot: 'KEK-0' };

/** A service with terminals of one group, each with a KEK that it and the service share. */
export class Fleet extends Service {
  readonly fleet: FleetContext;
  readonly devices = new Map<string, Device>();
  /** BDKs by algorithm. */
  readonly bdks = new Map<string, string>();

  constructor(t: TestContext) {
    super(t);
    this.fleet = fleetContext(this.context);
  }

  async bdk(algorithm: KeyAlgorithm): Promise<string> {
    const { Key } = await this.call('CreateKey', {
      KeyAttributes: {
        KeyUsage: 'TR31_B0_BASE_DERIVATION_KEY',
        KeyClass: 'SYMMETRIC_KEY',
        KeyAlgorithm: algorithm,
        KeyModesOfUse: { DeriveKey: true },
      },
      Exportable: true,
    });
    this.bdks.set(algorithm, Key.KeyArn);
    return Key.KeyArn;
  }

  /** A key of one purpose, of a fresh BDK. */
  async key(
    purpose: NewProfileKey['purpose'],
    algorithm: KeyAlgorithm,
    keySetId: string,
    slot: string,
  ): Promise<NewProfileKey> {
    return { purpose, slot, bdk: await this.bdk(algorithm), keySetId };
  }

  async setUp(keys: readonly NewProfileKey[], terminals: number): Promise<Device[]> {
    await createProfile({ name: 'profile', device: DEVICE, keys }, this.fleet);
    await createGroup({ name: 'shops', profile: 'profile' }, this.fleet);
    const devices = Array.from({ length: terminals }, (_, i) =>
      this.device(`T-${String(i).padStart(4, '0')}`),
    );
    const lines = [];
    for (const { serial, kek: hex } of devices) {
      const kek = await this.putKey({
        usage: 'TR31_K0_KEY_ENCRYPTION_KEY',
        algorithm: 'AES_128',
        mode: 'B',
        hex,
      });
      lines.push({ serial, group: 'shops', kek });
    }
    const { importId } = await stageImport({ terminals: lines }, this.fleet);
    await commitImport(importId, this.fleet);
    return devices;
  }

  device(serial: string, kek = randomBytes(16).toString('hex')): Device {
    const device = new Device(serial, kek);
    this.devices.set(serial, device);
    return device;
  }

  async start(): Promise<string> {
    return (await startRun({ group: 'shops' }, this.fleet)).runId;
  }
}

/** An agent with some terminals beside it: the protocol, step by step, so that tests can stop or bend it anywhere. */
export class Agent {
  readonly fleet: FleetContext;
  readonly runId: string;
  readonly name: string;
  readonly devices: ReadonlyMap<string, Device>;
  claimed: Claimed | undefined;

  constructor({ fleet }: Fleet, runId: string, devices: readonly Device[], name = 'agent-1') {
    this.fleet = fleet;
    this.runId = runId;
    this.name = name;
    this.devices = new Map(devices.map((device) => [device.serial, device]));
  }

  async claim(): Promise<Claimed> {
    const terminals = [...this.devices.values()].map(({ serial, kekCheckValue }) => ({
      serial,
      kekCheckValue,
    }));
    this.claimed = await claimTerminals({ runId: this.runId, agent: this.name, terminals }, this.fleet);
    return this.claimed;
  }

  get lease(): string {
    return this.claimed!.lease;
  }

  async export(tasks: readonly Task[] = this.claimed!.tasks): Promise<ExportedBlocks> {
    const asked = tasks.map(({ serial, purpose }) => ({ serial, purpose }));
    return exportBlocks({ runId: this.runId, lease: this.lease, tasks: asked }, this.fleet);
  }

  slot({ serial, purpose }: { serial: string; purpose: string }): string {
    return this.claimed!.tasks.find((task) => task.serial === serial && task.purpose === purpose)!.slot;
  }

  /** Sends a block to the terminal that it is for. */
  load(block: OutgoingBlock): void {
    this.devices.get(block.serial)!.load(this.slot(block), block.block);
  }

  /** What an honest agent says of a terminal that has its key. */
  loaded({
    serial,
    purpose,
    challenge,
  }: Pick<OutgoingBlock, 'serial' | 'purpose'> & { challenge: Challenge }): LoadReport {
    const slot = this.slot({ serial, purpose });
    const device = this.devices.get(serial)!;
    const { kcv: checkValue } = device.slots.get(slot)!;
    return { serial, purpose, loaded: { slot, checkValue, proof: device.prove(slot, challenge) } };
  }

  report(reports: readonly LoadReport[]): Promise<ReportAnswer> {
    return reportLoads({ runId: this.runId, lease: this.lease, reports }, this.fleet);
  }

  /** A whole round. */
  async serve(): Promise<ReportAnswer> {
    await this.claim();
    const { blocks } = await this.export();
    for (const block of blocks) this.load(block);
    return this.report(blocks.map((block) => this.loaded(block)));
  }
}

/** The refusal of something that must be refused. */
export async function refusalOf(attempt: Promise<unknown>): Promise<AwsException> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AwsException) return error;
  throw error ?? new Error('it was not refused');
}
