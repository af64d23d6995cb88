import type { AccessKeyStore } from './access-keys.ts';
import type { AliasStore } from './aliases.ts';
import type { ApprovalStore } from './approvals.ts';
import type { AuthorityStore } from './authorities.ts';
import type { CeremonyStore } from './ceremonies.ts';
import type { CustodyStore } from './custody-store.ts';
import type { DefaultRegionStore } from './default-regions.ts';
import type { DocumentStore } from './documents.ts';
import type { FleetStore } from './fleet/fleet-store.ts';
import type { KeyStore } from './keys.ts';
import type { ReplicaStore } from './replicas.ts';
import type { ResourcePolicyStore } from './resource-policies.ts';
import type { RotationStore } from './rotations.ts';
import type { TagStore } from './tags.ts';
import type { TeamAssociationStore } from './team-associations.ts';
import type { TokenStore } from './tokens.ts';
import type { TransferStore } from './transfers.ts';

/** Where records are kept. Every method is atomic, and what a resolved promise stored survives a crash. */
export interface Store
  extends KeyStore,
    ReplicaStore,
    DefaultRegionStore,
    AliasStore,
    TagStore,
    TransferStore,
    RotationStore,
    CeremonyStore,
    TokenStore,
    AuthorityStore,
    ResourcePolicyStore,
    AccessKeyStore,
    ApprovalStore,
    TeamAssociationStore,
    DocumentStore {
  /** What the main key's custody asks of the store. */
  readonly custody: CustodyStore;
  /** Terminals and what goes into them. */
  readonly fleet: FleetStore;
  /** Counts the changes that anybody has stored of keys, aliases, tags, resource policies and access keys. */
  changeCount(): Promise<number>;
  /** Calls `listener` whenever a method of this object has made such a change. */
  onChange(listener: () => void): void;
  /**
   * Looks at all that is stored, whether somebody changed it behind the service: each such record is told to the one who was named when
   * the store was opened. Slow, so that it is in nobody's way.
   */
  check(signal: AbortSignal): Promise<void>;
  /** Resolves when the store can answer; for the readiness check. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
