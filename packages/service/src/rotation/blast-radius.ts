import { keyCounterpart } from '../operations/counterpart.ts';
import { resolveKey } from '../operations/key-identifier.ts';
import type { Context } from '../operations/operation.ts';
import type { KeyRecord } from '../store/records/key.ts';
import type { TransferRecord } from '../store/records/transfer.ts';
import { isWrappingKey } from './plan.ts';

/** A key that whoever has the compromised one can have. */
export interface ExposedKey {
  readonly key: KeyRecord;
  readonly aliases: readonly string[];
  /** The key that it went out or came in under, which is exposed too; none for the compromised key itself. */
  readonly under?: string | undefined;
  /** Whoever else has it: the parties and KEKs that it went to, and those it came from. */
  readonly holders: readonly TransferRecord[];
}

/** An initial key that is exposed: of a terminal whose KEK, or whose BDK, is. */
export interface ExposedTerminal {
  readonly ksn: string;
  readonly baseKeyId: string;
  readonly under: string;
}

export interface BlastRadius {
  readonly keys: readonly ExposedKey[];
  readonly terminals: readonly ExposedTerminal[];
}

const ALL = 1000;

async function aliasesOf({ region, keyId }: KeyRecord, { store }: Context): Promise<string[]> {
  const found = await store.listAliases(region, { keyId }, { limit: ALL });
  return found.map(({ aliasName }) => aliasName);
}

function terminalsOf(transfers: readonly TransferRecord[]): ExposedTerminal[] {
  return transfers
    .filter(({ ksn }) => ksn !== undefined)
    .map(({ ksn, keyId, counterpart }) => ({ ksn: ksn!, baseKeyId: keyId, under: counterpart }));
}

/**
 * What somebody can have who has a key and saw every block: the key; what went out and came in under it, and under that, all the way
 * down; and every initial key of a BDK among them. Nothing that is only above the key is exposed.
 *
 * @throws AwsException when there is no such key
 */
export async function findBlastRadius(identifier: string, context: Context): Promise<BlastRadius> {
  const { store } = context;
  const start = await resolveKey(identifier, context);
  const keys = new Map<string, ExposedKey>();
  const terminals = new Map<string, ExposedTerminal>();
  const waiting: { key: KeyRecord; under?: string }[] = [{ key: start }];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { key, under } = next;
    const { region, keyId } = key;
    if (keys.has(keyId)) continue;
    const own = await store.transfersOf(region, keyId);
    const holders = own.filter(({ ksn }) => ksn === undefined);
    keys.set(keyId, { key, aliases: await aliasesOf(key, context), under, holders });
    const beneath = isWrappingKey(key) ? await store.transfersUnder(region, keyCounterpart(keyId)) : [];
    for (const terminal of terminalsOf([...own, ...beneath])) {
      terminals.set(`${terminal.baseKeyId} ${terminal.ksn}`, terminal);
    }
    for (const transfer of beneath.filter(({ ksn }) => ksn === undefined)) {
      const exposed = await store.findKey(region, transfer.keyId);
      if (exposed !== undefined) waiting.push({ key: exposed, under: keyId });
    }
  }
  return { keys: [...keys.values()], terminals: [...terminals.values()] };
}
