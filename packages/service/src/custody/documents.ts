import { Secret } from '@keywright/crypto';
import type { Page } from '../store/page.ts';
import type { DocumentChange, DocumentRecord } from '../store/records/document.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from './vault.ts';

/** A document as it was read, its seal verified. */
export interface Document<Body> {
  readonly id: string;
  readonly group: string;
  readonly body: Body;
  readonly expiresAt?: number | undefined;
  readonly record: DocumentRecord;
}

export type NewDocument<Body> = Pick<Document<Body>, 'id' | 'group' | 'body' | 'expiresAt'>;

/** What documents are kept with. */
export interface Keeping {
  readonly store: Pick<Store, 'findDocument' | 'listDocuments' | 'writeDocuments'>;
  readonly vault: Pick<Vault, 'sealDocument' | 'openDocument'>;
}

/** The documents of one kind. Whoever reads one knows that nobody changed it outside: else there is a SealError. */
export interface Documents<Body> {
  find(id: string): Promise<Document<Body> | undefined>;
  /** In order of id. */
  list(filter?: { readonly group?: string }, page?: Page): Promise<Document<Body>[]>;
  /** The document's secret; the caller's to dispose of. */
  openSecret(document: Document<Body>): Promise<Secret>;
  /** A change to write. `secret` stays the caller's to dispose of. */
  insert(document: NewDocument<Body>, secret?: Secret): Promise<DocumentChange>;
  /** Its secret stays as it is, unless another is given. */
  replace(
    document: Document<Body>,
    changes: Partial<NewDocument<Body>>,
    secret?: Secret,
  ): Promise<DocumentChange>;
  remove(document: Document<Body>): DocumentChange;
}

const ALL: Page = { limit: 10_000 };

/** The documents of a kind in a store, `Body` being what their JSON is. */
export function documentsOf<Body>(kind: string, { store, vault }: Keeping): Documents<Body> {
  const verified = async (record: DocumentRecord): Promise<Document<Body>> => {
    using _secret = await vault.openDocument(record);
    const { id, group, expiresAt } = record;
    return { id, group, expiresAt, body: JSON.parse(record.body), record };
  };
  const seal = (document: NewDocument<Body>, revision: number, secret: Secret) => {
    const { id, group, expiresAt, body } = document;
    return vault.sealDocument({ kind, id, group, expiresAt, body: JSON.stringify(body), revision }, secret);
  };
  const openSecret = ({ record }: Document<Body>) => vault.openDocument(record);

  return {
    async find(id) {
      const record = await store.findDocument(kind, id);
      return record && verified(record);
    },
    async list(filter = {}, page = ALL) {
      return Promise.all((await store.listDocuments(kind, filter, page)).map(verified));
    },
    openSecret,
    async insert(document, secret) {
      using none = Secret.take(new Uint8Array());
      return { change: 'insert', record: await seal(document, 0, secret ?? none) };
    },
    async replace(document, changes, secret) {
      using kept = await openSecret(document);
      const changed = { ...document, ...changes };
      return { change: 'replace', record: await seal(changed, document.record.revision, secret ?? kept) };
    },
    remove: ({ record }) => ({ change: 'remove', record }),
  };
}
