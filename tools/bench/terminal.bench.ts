import {
  decodeHex,
  decryptPinBlock,
  deriveDukptKey,
  encodeAscii,
  parseHeader,
  Secret,
  splitKey,
  wrapKeyBlock,
} from '@keywright/crypto';
import { MemoryStore, openSoftwareTerminal } from '@keywright/terminal';
import { type Case, rates } from './rate.ts';
import type { Row } from './row.ts';

export const title =
  "the software terminal, its state in memory, against the host's share of the same PIN (derive from the BDK, decrypt)";

const BDK = 'FEDCBA98765432100123456789ABCDEF';
const KEK = '00112233445566778899AABBCCDDEEFF';
const KSN = 'FFFF9876543210E00000';
const PAN = '4111111111111111';
const pin = Secret.take(encodeAscii('1234'));

function initialKeyBlock(): string {
  using kbpk = Secret.fromHex(KEK);
  using bdk = Secret.fromHex(BDK);
  using key = deriveDukptKey({ scheme: 'TDES', bdk, ksn: KSN, usage: 'initial' });
  const header = parseHeader('D0000B1TX00N0000');
  return wrapKeyBlock({ kbpk, header, key, optionalBlocks: [{ id: 'KS', data: KSN }] });
}

/** A store whose terminal has its KEK. */
async function personalized(): Promise<MemoryStore> {
  const store = new MemoryStore('BENCH');
  using key = Secret.fromHex(KEK);
  using terminal = openSoftwareTerminal({ store });
  for (const [i, { component }] of splitKey({ algorithm: 'AES', key, count: 2 }).components.entries()) {
    await terminal.loadKeyComponent(0, { algorithm: 'AES', component, number: i + 1, of: 2 });
  }
  return store;
}

function copyOf(store: MemoryStore): MemoryStore {
  const copy = new MemoryStore(store.serial);
  copy.content = store.content!.clone();
  return copy;
}

function hostCase(pinBlock: string, ksn: string): Case {
  const bdk = Secret.fromHex(BDK);
  const block = decodeHex(pinBlock);
  return [
    'host: PIN key of the KSN, PIN out of the block',
    () => {
      using key = deriveDukptKey({ scheme: 'TDES', bdk, ksn, usage: 'pin' });
      decryptPinBlock({ format: 'ISO_0', algorithm: 'TDES', key, pan: PAN, block })[Symbol.dispose]();
    },
  ];
}

export async function* run(): AsyncIterable<Row> {
  const blank = await personalized();
  const block = initialKeyBlock();
  const loaded = copyOf(blank);
  using terminal = openSoftwareTerminal({ store: loaded, pinRate: 'unlimited' });
  const result = await terminal.sendTR31Key(block);
  if (!result.ok) throw new Error(result.message);
  const request = { slot: 'DUKPT-0', pin, pan: PAN, format: 0 } as const;
  const { pinBlock, ksn } = await terminal.encryptPin(request);
  const rest = copyOf(loaded);
  // What these calls do is done when they return; only the answer comes later.
  yield* rates([
    hostCase(pinBlock, ksn!),
    ['terminal: PIN under its next transaction key', () => void terminal.encryptPin(request)],
    [
      'terminal at rest: opened and closed',
      () => {
        using _ = openSoftwareTerminal({ store: rest });
      },
    ],
    [
      'terminal at rest: opened, an initial key loaded, closed',
      () => {
        using store = copyOf(blank);
        using opened = openSoftwareTerminal({ store });
        void opened.sendTR31Key(block);
      },
    ],
  ]);
  yield {
    '': `bytes at rest, with a KEK and a DUKPT key set: ${rest.content!.length}`,
    'a second': '',
    ratio: '',
  };
}
