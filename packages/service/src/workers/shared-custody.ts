import type { Custody, SealStatus } from '../custody/custody.ts';
import { MainKeyError, SealedError } from '../custody/main-key.ts';
import type { HandedMainKey, Receiver } from './hand-over.ts';
import type { CustodyAction, CustodyAnswer } from './messages.ts';

/** The other processes, which hold the main key while this one does. */
export interface Holders {
  /** Resolves when all of them hold it. */
  open(): Promise<void>;
  /** Resolves when all of them have wiped it. */
  seal(): Promise<void>;
}

async function act(custody: Custody, holders: Holders, asked: CustodyAction): Promise<SealStatus> {
  if (asked.action === 'unseal') {
    const status = await custody.unseal(asked.share);
    if (!status.sealed) await holders.open();
    return status;
  }
  if (asked.action === 'abort') return custody.abortUnsealing();
  if (asked.action === 'status') return custody.status;
  const status = await custody.seal();
  await holders.seal();
  return status;
}

/** Does what custodians ask in any process, in the one that has their shares, and then in all. */
export async function answerCustodian(
  custody: Custody,
  holders: Holders,
  asked: CustodyAction,
): Promise<CustodyAnswer> {
  try {
    return { status: await act(custody, holders, asked) };
  } catch (error) {
    if (error instanceof SealedError) return { isSealed: true };
    if (error instanceof MainKeyError) return { refused: { code: error.code, message: error.message } };
    return { refused: { message: error instanceof Error ? error.message : 'failed' } };
  }
}

function statusIn(answer: CustodyAnswer): SealStatus {
  if ('status' in answer) return answer.status;
  if ('isSealed' in answer) throw new SealedError();
  const { code, message } = answer.refused;
  throw code === undefined ? new Error(message) : new MainKeyError(code, message);
}

/** A worker's custody: it holds the main key as the others do, and what custodians ask of it the primary answers. */
export function askPrimary(custody: Custody, ask: (asked: CustodyAction) => Promise<CustodyAnswer>): Custody {
  const asking = async (asked: CustodyAction) => statusIn(await ask(asked));
  return Object.create(custody, {
    status: { get: () => asking({ action: 'status' }) },
    unseal: { value: (share: string) => asking({ action: 'unseal', share }) },
    seal: { value: () => asking({ action: 'seal' }) },
    abortUnsealing: { value: () => asking({ action: 'abort' }) },
  });
}

/** Takes the main key over from the primary, or wipes it. */
export async function followPrimary(
  custody: Custody,
  told: { readonly type: 'open'; readonly handed: HandedMainKey } | { readonly type: 'seal' },
  open: Receiver['open'],
): Promise<void> {
  const { keyring } = custody;
  if (told.type === 'seal') return keyring.empty();
  keyring.hold(await open(told.handed));
  await keyring.opened;
}
