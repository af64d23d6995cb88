import { createKeyring, type Keyring } from './keyring.ts';
import { MainKeyError, SealedError } from './main-key.ts';
import { type MainKeyKind, mainKeyPath } from './main-key-files.ts';
import { createMainKeyRotation, type MainKeyRotation, type RotationMeans } from './main-key-rotation.ts';
import { type MainKeySource, openMainKey } from './open-main-key.ts';
import { readShareSet } from './share-set.ts';
import { createUnsealing, type Unsealing, type UnsealingProgress } from './unsealing.ts';

/** Whether the service is sealed and, where custodians unseal it, how far they are. */
export interface SealStatus extends Partial<UnsealingProgress> {
  readonly sealed: boolean;
}

/** The main key of a running service, and what may be done with it. */
export interface Custody extends Disposable {
  readonly kind: MainKeyKind;
  readonly keyring: Keyring;
  readonly status: SealStatus | Promise<SealStatus>;
  /** Takes one custodian's share, as it was typed. @throws MainKeyError when it is refused; the others stay */
  unseal(share: string): Promise<SealStatus>;
  /** Wipes the shares that are there. */
  abortUnsealing(): SealStatus | Promise<SealStatus>;
  /** Wipes the main key, until custodians bring it again. @throws MainKeyError where the main key is in no shares */
  seal(): SealStatus | Promise<SealStatus>;
  /** Makes ready to replace the main key. */
  rotation(
    means: Pick<RotationMeans, 'store' | 'environment' | 'tokenUri' | 'onFailure' | 'grace'>,
  ): MainKeyRotation;
}

/** Opens the main key of a data directory, or makes ready for the custodians who bring it. @throws MainKeyError */
export function openCustody(source: MainKeySource, dataDirectory: string): Custody {
  const keyring = createKeyring();
  let { kind }: { kind: MainKeyKind } = source;
  const openUnsealing = () =>
    kind === 'shares' ? createUnsealing(readShareSet(mainKeyPath(dataDirectory, kind))) : undefined;
  let unsealing = openUnsealing();
  const mainKey = openMainKey(source, dataDirectory);
  if (mainKey) keyring.hold(mainKey);
  const status = () => ({ sealed: keyring.isSealed, ...unsealing?.progress });
  return {
    get kind() {
      return kind;
    },
    keyring,
    get status() {
      return status();
    },
    async unseal(share) {
      assertSealed(keyring);
      const opened = inShares(unsealing).add(share);
      if (opened !== undefined) keyring.hold(opened);
      await keyring.opened;
      return status();
    },
    abortUnsealing() {
      inShares(unsealing).clear();
      return status();
    },
    seal() {
      inShares(unsealing);
      if (keyring.isSealed) throw new SealedError();
      keyring.empty();
      return status();
    },
    rotation(means) {
      const onChange = (changed: MainKeyKind) => {
        kind = changed;
        unsealing?.[Symbol.dispose]();
        unsealing = openUnsealing();
      };
      return createMainKeyRotation({ ...means, keyring, dataDirectory, kind, onChange });
    },
    [Symbol.dispose]() {
      unsealing?.[Symbol.dispose]();
      keyring[Symbol.dispose]();
    },
  };
}

function assertSealed(keyring: Keyring): void {
  if (!keyring.isSealed)
    throw new MainKeyError('NOT_SEALED', 'the service is not sealed: it needs no shares');
}

function inShares(unsealing: Unsealing | undefined): Unsealing {
  if (unsealing !== undefined) return unsealing;
  const message =
    'only a service whose main key is in shares (KEYWRIGHT_MAIN_KEY=shares) is sealed and unsealed';
  throw new MainKeyError('NOT_IN_SHARES', message);
}
