import type { PosTerminal, SlotIndex } from '@keywright/terminal';
import { Failure } from '../failure.ts';
import type { Host, HostKey } from './host.ts';
import type { Transcript } from './transcript.ts';

/** A DUKPT scheme as this story uses it: where its initial key goes, and for which KSN. */
export interface TerminalKey {
  readonly algorithm: 'TDES_2KEY' | 'AES_128';
  readonly index: SlotIndex;
  /** The terminal's, with counter zero. */
  readonly ksn: string;
  /** The optional block that carries the KSN (X9.143, 6.3.6): KS for TDES, IK for AES. */
  readonly optionalBlocks: Readonly<Record<string, string>>;
}

export const TERMINAL_KEYS: readonly TerminalKey[] = [
  {
    algorithm: 'TDES_2KEY',
    index: 0,
    ksn: 'FFFF9876543210E00000',
    optionalBlocks: { KS: 'FFFF9876543210E00000' },
  },
  {
    algorithm: 'AES_128',
    index: 1,
    ksn: '123456789012345600000000',
    optionalBlocks: { IK: '1234567890123456' },
  },
];

export function createBdk(host: Host, { algorithm }: TerminalKey): Promise<HostKey> {
  const KeyUsage = 'TR31_B0_BASE_DERIVATION_KEY';
  return host.createKey({ KeyUsage, KeyAlgorithm: algorithm, KeyModesOfUse: { DeriveKey: true } });
}

/** Exports the initial key of the terminal's KSN and loads it: ExportKey, then `pos.sendTR31Key(block)`. */
export async function loadInitialKey(
  { host, pos, out }: { host: Host; pos: PosTerminal; out: Transcript },
  { bdk, kek, version, key }: { bdk: HostKey; kek: HostKey; version: string; key: TerminalKey },
): Promise<void> {
  const headers = { KeyVersion: version, OptionalBlocks: key.optionalBlocks };
  const { block, kcv } = await host.exportKey(bdk, kek, headers, key.ksn);
  out.keyBlock(`initial key, ${key.algorithm}`, block);
  const result = await pos.sendTR31Key(block, { index: key.index });
  if (!result.ok) throw new Failure(`the terminal refused the block: ${result.status}: ${result.message}`);
  out.say(`pos.sendTR31Key(block): ${result.status} into ${result.slot}, KSN ${result.ksn}`);
  out.agree('KCV of the initial key', result.kcv, kcv);
}
