import type { Custody, SealStatus } from '../custody/custody.ts';
import { createKeyring } from '../custody/keyring.ts';
import { MainKeyError, SealedError } from '../custody/main-key.ts';
import type { MainKeyKind } from '../custody/main-key-files.ts';
import type { MainKeyRotation, RotationStatus } from '../custody/main-key-rotation.ts';
import type { Receiver } from './hand-over.ts';
import type { CustodyAction, CustodyAnswer, HeldMainKeys } from './messages.ts';

type Status = SealStatus | RotationStatus;

/** What the primary does the asked things with. */
export interface CustodyMeans {
  readonly custody: Custody;
  readonly mainKeyRotation: MainKeyRotation;
}

function act({ custody, mainKeyRotation }: CustodyMeans, asked: CustodyAction): Status | Promise<Status> {
  switch (asked.action) {
    case 'unseal':
      return custody.unseal(asked.share);
    case 'status':
      return custody.status;
    case 'seal':
      return custody.seal();
    case 'abort':
      return custody.abortUnsealing();
    case 'rotation':
      return mainKeyRotation.status;
    case 'rotate':
      return mainKeyRotation.start(asked.request);
  }
}

/** Does what is asked of any process, in the one that has the shares and the data directory; then all processes hold the same. */
export async function answerCustodian(means: CustodyMeans, asked: CustodyAction): Promise<CustodyAnswer> {
  try {
    const status = await act(means, asked);
    await means.custody.keyring.followed;
    return { status };
  } catch (error) {
    if (error instanceof SealedError) return { isSealed: true };
    if (error instanceof MainKeyError) return { refused: { code: error.code, message: error.message } };
    return { refused: { message: error instanceof Error ? error.message : 'failed' } };
  }
}

function statusIn(answer: CustodyAnswer): Status {
  if ('status' in answer) return answer.status;
  if ('isSealed' in answer) throw new SealedError();
  const { code, message } = answer.refused;
  throw code === undefined ? new Error(message) : new MainKeyError(code, message);
}

/** A worker's custody: it holds the main keys that the primary does, and what is asked of it the primary answers. */
export class FollowingCustody implements Custody {
  readonly keyring = createKeyring();
  readonly #ask: (asked: CustodyAction) => Promise<CustodyAnswer>;
  #kind: MainKeyKind;

  constructor(kind: MainKeyKind, ask: (asked: CustodyAction) => Promise<CustodyAnswer>) {
    this.#kind = kind;
    this.#ask = ask;
  }

  get kind(): MainKeyKind {
    return this.#kind;
  }

  get status(): Promise<SealStatus> {
    return this.#act({ action: 'status' });
  }

  unseal(share: string): Promise<SealStatus> {
    return this.#act({ action: 'unseal', share });
  }

  abortUnsealing(): Promise<SealStatus> {
    return this.#act({ action: 'abort' });
  }

  seal(): Promise<SealStatus> {
    return this.#act({ action: 'seal' });
  }

  /** Records are resealed by the primary, so there is nothing here to go on with, and to stop. */
  rotation(): MainKeyRotation {
    const status = () => this.#act<RotationStatus>({ action: 'rotation' });
    const nothing = async () => undefined;
    return {
      get status() {
        return status();
      },
      start: (request) => this.#act({ action: 'rotate', request }),
      resume: nothing,
      stop: nothing,
      settled: nothing,
    };
  }

  /** Takes over what the primary holds, and wipes what it does not. @throws SealError, MainKeyError */
  async follow({ kind, keys }: HeldMainKeys, open: Receiver['open']): Promise<void> {
    const { held } = this.keyring;
    const [current, retiring] = await Promise.all(
      keys.map((key) => held.find(({ id }) => id === key.mainKeyId) ?? open(key)),
    );
    this.#kind = kind;
    if (current === undefined) return this.keyring.empty();
    this.keyring.hold(current, retiring);
    await this.keyring.opened;
  }

  [Symbol.dispose](): void {
    this.keyring[Symbol.dispose]();
  }

  async #act<S extends Status>(asked: CustodyAction): Promise<S> {
    return statusIn(await this.#ask(asked)) as S;
  }
}
