// A main key that goes from kind to kind, for tests that kill whoever moves it: file, shares, and again.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Custody, openCustody } from '../../src/custody/custody.ts';
import { MAIN_KEY_KINDS, type MainKeyKind, mainKeyPath } from '../../src/custody/main-key-files.ts';
import type { RotationRequest } from '../../src/custody/main-key-rotation.ts';
import { makeShares } from '../../src/custody/new-shares.ts';
import { readShareSet } from '../../src/custody/share-set.ts';

export const CYCLE = ['file', 'shares'] as const;

/** Where the test keeps what custodians would have in their safes. */
const safe = (directory: string) => join(directory, '..', 'safe.json');

function readSafe(directory: string): Record<string, string[]> {
  return existsSync(safe(directory)) ? JSON.parse(readFileSync(safe(directory), 'utf8')) : {};
}

export function kindsThere(directory: string): MainKeyKind[] {
  return MAIN_KEY_KINDS.filter((kind) => existsSync(mainKeyPath(directory, kind)));
}

/** Opens it as a service of that kind does; its custodians come at once. */
export async function openKind(directory: string, kind: MainKeyKind): Promise<Custody> {
  const custody = openCustody({ kind } as { kind: 'file' | 'shares' }, directory);
  if (kind !== 'shares') return custody;
  const { setId } = readShareSet(mainKeyPath(directory, kind));
  for (const share of readSafe(directory)[setId]!) await custody.unseal(share);
  return custody;
}

export function requestFor(directory: string, kind: (typeof CYCLE)[number]): RotationRequest {
  if (kind !== 'shares') return { kind };
  using made = makeShares({ shares: 2, threshold: 2 });
  const shares = [made.text(1), made.text(2)];
  writeFileSync(
    `${safe(directory)}.draft`,
    JSON.stringify({ ...readSafe(directory), [made.set.setId]: shares }),
  );
  renameSync(`${safe(directory)}.draft`, safe(directory));
  return { kind, set: made.set, shares };
}
