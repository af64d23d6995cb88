import { setTimeout } from 'node:timers/promises';
import { destroyFile, replaceFile } from '../private-file.ts';
import type { CustodyStore, RetiringMainKeyRecord } from '../store/custody-store.ts';
import { newFileMainKey } from './file-main-key.ts';
import type { Keyring } from './keyring.ts';
import { MainKeyError, type MainKeyProvider, type PreparedMainKey, SealedError } from './main-key.ts';
import { MAIN_KEY_KINDS, type MainKeyKind, mainKeyPath } from './main-key-files.ts';
import { type PassphraseKey, passphraseMainKeyOf } from './passphrase-main-key.ts';
import { destroyTokenKey, newPkcs11MainKey, openTokenKey } from './pkcs11-main-key.ts';
import { resealAll, type Walk } from './reseal.ts';
import { unwrapMainKey } from './sealing.ts';
import { readShare } from './share.ts';
import { isShareSet, openShares } from './share-set.ts';

/** What main key is to take the place of the present one. */
export interface RotationRequest {
  readonly kind: MainKeyKind;
  readonly passphraseKey?: PassphraseKey;
  /** What is public of the new shares, and as many of them as make the key. */
  readonly set?: unknown;
  readonly shares?: readonly string[];
}

export interface RotationStatus {
  readonly kind: MainKeyKind;
  /** The id of the main key that seals. */
  readonly mainKeyId: string;
  readonly rotating: boolean;
  /** The id of the main key that goes. */
  readonly retiring?: string;
  readonly seen?: number;
  readonly resealed?: number;
  readonly failed?: number;
}

/** Replaces the main key while requests go on. */
export interface MainKeyRotation {
  readonly status: RotationStatus | Promise<RotationStatus>;
  /** Puts another main key in the place of the present one; resolves when it seals, and reseals in the background. @throws MainKeyError */
  start(request: RotationRequest): Promise<RotationStatus>;
  /** Goes on with a rotation that a stop or a crash broke off. */
  resume(): Promise<void>;
  /** Stops resealing, to be resumed at the next start. */
  stop(): Promise<void>;
  /** Resolves when nothing is being resealed. */
  settled(): Promise<void>;
}

export interface RotationMeans {
  readonly store: CustodyStore;
  readonly keyring: Keyring;
  readonly environment: string;
  readonly dataDirectory: string;
  readonly kind: MainKeyKind;
  /** Of the token that a main key may go to, or comes from. */
  readonly tokenUri?: string | undefined;
  readonly onFailure: (error: unknown) => void;
  /** Is told of what kind the main key is now. */
  readonly onChange: (kind: MainKeyKind) => void;
  /** Milliseconds for which a request may still write what it sealed before the change. */
  readonly grace?: number;
}

/** As long as a request may take (http/server.ts), and some more. */
const GRACE = 40_000;

function prepare(
  { kind, passphraseKey, set, shares = [] }: RotationRequest,
  tokenUri?: string,
): PreparedMainKey {
  if (kind === 'file') return newFileMainKey();
  if (kind === 'passphrase') {
    if (passphraseKey !== undefined) return passphraseMainKeyOf(passphraseKey);
    throw new MainKeyError('WRONG_PASSPHRASE', "the passphrase's key is missing");
  }
  if (kind === 'pkcs11') {
    if (tokenUri !== undefined) return newPkcs11MainKey(tokenUri);
    throw new MainKeyError('TOKEN', 'KEYWRIGHT_PKCS11_URI must name the token when the service starts');
  }
  if (!isShareSet(set))
    throw new MainKeyError('WRONG_SHARES', 'what is public of the shares is missing or malformed');
  using given = new DisposableStack();
  const read = shares.map((text) => readShare(text));
  for (const { value } of read) given.use(value);
  return { kind, content: `${JSON.stringify(set, undefined, 2)}\n`, provider: openShares(set, read) };
}

/** The record from which the old main key comes back after a crash: under the new one, or where it is in its token. */
async function retire(
  kind: MainKeyKind,
  old: MainKeyProvider,
  next: MainKeyProvider,
): Promise<RetiringMainKeyRecord> {
  const wrapped = await old.wrapUnder?.(next);
  return { mainKeyId: old.id, kind, wrapped, ...(old.tokenUri && { parameters: old.tokenUri }) };
}

async function reopen(record: RetiringMainKeyRecord, current: MainKeyProvider): Promise<MainKeyProvider> {
  if (record.wrapped !== undefined) return unwrapMainKey(record.wrapped, current);
  return openTokenKey(record.parameters!, record.mainKeyId);
}

export function createMainKeyRotation(means: RotationMeans): MainKeyRotation {
  const { store, keyring, dataDirectory, environment, grace = GRACE, onFailure } = means;
  let { kind } = means;
  let walk: Walk | undefined;
  let run: Promise<void> = Promise.resolve();
  let starting = false;
  const stop = new AbortController();

  async function waitFor(milliseconds: number): Promise<void> {
    try {
      await setTimeout(milliseconds, undefined, { signal: stop.signal, ref: false });
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
  }

  /** The last walk begins when no request is left that could still write what it sealed under the old key. */
  async function reseal(record: RetiringMainKeyRecord): Promise<void> {
    const end = Date.now() + grace;
    for (;;) {
      const late = Date.now() >= end;
      walk = { seen: 0, resealed: 0, failed: 0 };
      await resealAll(
        record.mainKeyId,
        { store, keyring, environment, onFailure, signal: stop.signal },
        walk,
      );
      if (stop.signal.aborted || walk.failed > 0) return;
      if (late && walk.resealed === 0) break;
      await waitFor(Math.max(0, end - Date.now()));
    }
    keyring.forgetRetiring();
    await store.removeRetiringMainKey();
    if (record.parameters !== undefined) destroyTokenKey(record.parameters, record.mainKeyId);
  }

  /** Whichever main key opened is the one; what there is of another kind is of a rotation that was broken off. */
  function destroyOthers(): void {
    const others = MAIN_KEY_KINDS.filter((each) => each !== kind);
    for (const other of others) destroyFile(mainKeyPath(dataDirectory, other));
  }

  async function abandon(): Promise<void> {
    destroyOthers();
    await store.removeRetiringMainKey();
  }

  /** Each process knows the new main key before any seals under it. @throws SealedError when custodians sealed the service meanwhile */
  async function announce(old: MainKeyProvider, next: MainKeyProvider): Promise<void> {
    if (keyring.current !== old) throw new SealedError();
    keyring.hold(old, next);
    await keyring.followed;
    if (keyring.current !== old) throw new SealedError();
  }

  async function replace(next: PreparedMainKey): Promise<void> {
    try {
      replaceFile(mainKeyPath(dataDirectory, next.kind), next.content);
      if (next.kind !== kind) destroyFile(mainKeyPath(dataDirectory, kind));
      kind = next.kind;
    } catch (error) {
      keyring.forgetRetiring();
      await store.removeRetiringMainKey();
      throw error;
    }
  }

  function begin(record: RetiringMainKeyRecord): void {
    run = reseal(record).catch(onFailure);
  }

  const status = (): RotationStatus => {
    const retiring = keyring.retiring?.id;
    return {
      kind,
      mainKeyId: keyring.id,
      rotating: retiring !== undefined,
      ...(retiring && { retiring }),
      ...walk,
    };
  };

  return {
    get status() {
      return status();
    },
    async start(request) {
      if (starting || keyring.retiring !== undefined) {
        throw new MainKeyError(
          'ROTATING',
          'the main key is being replaced already; see keywright main-key status',
        );
      }
      starting = true;
      try {
        const old = keyring.current;
        const next = prepare(request, means.tokenUri);
        const record = await retire(kind, old, next.provider);
        await store.putRetiringMainKey(record);
        await announce(old, next.provider);
        await replace(next);
        means.onChange(kind);
        keyring.hold(next.provider, old);
        await keyring.followed;
        begin(record);
        return status();
      } finally {
        starting = false;
      }
    },
    async resume() {
      const record = await store.findRetiringMainKey();
      if (record === undefined) return;
      // It was broken off before the new main key was there.
      if (record.mainKeyId === keyring.id) return abandon();
      keyring.hold(keyring.current, await reopen(record, keyring.current));
      destroyOthers();
      begin(record);
    },
    settled: () => run,
    async stop() {
      stop.abort();
      await run;
    },
  };
}
