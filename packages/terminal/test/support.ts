import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BlockCipherName,
  decodeHex,
  encodeAscii,
  type OptionalBlock,
  parseHeader,
  randomBytes,
  Secret,
  wrapKeyBlock,
  xor,
} from '@keywright/crypto';
import type { ComponentsLoaded, PosTerminal, SlotIndex, SlotName } from '@keywright/terminal';

export const TDES_KEK = '0123456789ABCDEFFEDCBA9876543210';
export const AES_KEK = '00112233445566778899AABBCCDDEEFF';
export const PAN = '4111111111111111';

/** A directory for one test, gone after it. */
export function scratch(): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), 'keywright-terminal-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export function hex(digits: string): Secret {
  return Secret.fromHex(digits);
}

export function pin(digits = '1234'): Secret {
  return Secret.take(encodeAscii(digits));
}

/** Brings a KEK in as two components, the second one drawn at random. */
export async function enterKek(
  terminal: PosTerminal,
  key: string,
  algorithm: BlockCipherName,
  target: SlotIndex | SlotName = 0,
): Promise<ComponentsLoaded> {
  const second = randomBytes(key.length / 2);
  const first = xor(second, decodeHex(key));
  const parts = [Secret.take(first), Secret.take(second)];
  for (const [i, component] of parts.entries()) {
    const result = await terminal.loadKeyComponent(target, { algorithm, component, number: i + 1, of: 2 });
    if (!result.ok) throw new Error(result.message);
    if (result.status === 'LOADED') return result;
  }
  throw new Error('the components made no key');
}

/** Both KEKs: AES into KEK-1 as components, then TDES into KEK-0 under it, since components are for the first KEK only. */
export async function enterBothKeks(terminal: PosTerminal): Promise<void> {
  await enterKek(terminal, AES_KEK, 'AES', 1);
  const result = await terminal.sendTR31Key(block(AES_KEK, 'D', 'K0TD00N', TDES_KEK), { kbpk: 'KEK-1' });
  if (!result.ok) throw new Error(result.message);
}

/** A block as a sender of any kind makes it; `attributes` are usage, algorithm, mode, version and exportability. */
export function block(
  kbpk: string,
  version: 'A' | 'B' | 'D',
  attributes: string,
  key: string,
  optionalBlocks: OptionalBlock[] = [],
): string {
  const header = parseHeader(`${version}0000${attributes}0000`);
  return wrapKeyBlock({ kbpk: hex(kbpk), header, key: hex(key), optionalBlocks, profile: 'tolerant' });
}

export function ks(data: string): OptionalBlock {
  return { id: 'KS', data };
}

export function ik(data: string): OptionalBlock {
  return { id: 'IK', data };
}
