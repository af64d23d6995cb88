import { documentsOf, type Keeping } from '../custody/documents.ts';
import type { Store } from '../store/store.ts';
import type { DualControlPolicy } from './policy.ts';

/** Keeps the policy that says what nobody may do alone. */
export interface DualControl {
  /**
   * The policy in force; dual control is off where none was ever put.
   *
   * @throws TamperedDatabaseError when the policy in the database is gone or an old one: nothing is done then that could need approval
   */
  current(): Promise<DualControlPolicy>;
  /** The policy as it was at most a second ago, without asking the store each time: for operations that come by the thousand. */
  recent(now: number): Promise<DualControlPolicy>;
  /** Puts a policy in the place of the one in force, with the next version. */
  put(policy: Omit<DualControlPolicy, 'version'>): Promise<DualControlPolicy>;
}

const NAME = 'dual-control';
/** Milliseconds. */
const RECENT = 1000;

const OFF: DualControlPolicy = {
  version: 0,
  enabled: false,
  rules: [],
  hoursToDecide: 24,
  hoursToUse: 24,
  operator: 'no-dual-control',
};

type PolicyKeeping = Keeping & { readonly store: Pick<Store, 'revisionOfDocument'> };

/** The policy is sealed in the store. */
export function openDualControl(keeping: PolicyKeeping): DualControl {
  const policies = documentsOf<DualControlPolicy>(NAME, keeping);
  let known: { readonly revision: number | undefined; readonly policy: DualControlPolicy } | undefined;
  let readAt = Number.NEGATIVE_INFINITY;

  const current = async () => {
    const revision = await keeping.store.revisionOfDocument(NAME, NAME);
    if (known === undefined || known.revision !== revision) {
      const found = await policies.find(NAME);
      known = { revision: found?.record.revision, policy: found?.body ?? OFF };
    }
    return known.policy;
  };

  const readNow = async (now: number) => {
    const policy = await current();
    readAt = now;
    return policy;
  };

  return {
    current,
    recent(now) {
      if (known && now - readAt < RECENT && now >= readAt) return Promise.resolve(known.policy);
      return readNow(now);
    },
    async put(policy) {
      const found = await policies.find(NAME);
      const body = { ...policy, version: (found?.body.version ?? 0) + 1 };
      const change = found
        ? await policies.replace(found, { body })
        : await policies.insert({ id: NAME, group: '', body });
      await keeping.store.writeDocuments([change]);
      return current();
    },
  };
}
