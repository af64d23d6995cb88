import type { Secret } from '@keywright/crypto';
import type { AccessKeyRecord } from '../store/records/access-key.ts';
import type { AuthorityRecord } from '../store/records/authority.ts';
import type { ComponentRecord } from '../store/records/ceremony.ts';
import type { DocumentRecord } from '../store/records/document.ts';
import type { KeyRecord } from '../store/records/key.ts';
import type { TokenRecord } from '../store/records/token.ts';
import {
  bindingOfAccessKey,
  bindingOfAuthority,
  bindingOfComponent,
  bindingOfDocument,
  bindingOfKey,
  bindingOfToken,
} from './binding.ts';
import { boundToEnvironment, DEFAULT_ENVIRONMENT } from './environment.ts';
import { type MainKeyProvider, SealError } from './main-key.ts';

/** A key record without what only the store and the vault set. */
export type UnsealedKeyRecord = Omit<KeyRecord, 'sealed'>;
export type UnsealedToken = Omit<TokenRecord, 'sealed'>;
export type UnsealedAuthority = Omit<AuthorityRecord, 'sealed'>;
export type UnsealedAccessKey = Omit<AccessKeyRecord, 'sealed'>;
export type UnsealedDocument = Omit<DocumentRecord, 'sealed'>;
export type UnsealedComponent = Omit<ComponentRecord, 'sealed'>;

/**
 * Seals key material bound to the record that it belongs to: the associated data are the record's own fields, so that
 * material copied onto another row, or a row whose attributes or state were changed outside, does not open.
 */
export interface Vault {
  /** While the service is sealed everything else is a `SealedError`. */
  readonly isSealed: boolean;
  /** The record with its key material sealed into it; `clear` stays the caller's to dispose of. */
  sealKey(record: UnsealedKeyRecord, clear: Secret): Promise<KeyRecord>;
  /** @throws SealError when the record and its material do not belong together, or it has none */
  openKey(record: KeyRecord): Promise<Secret>;
  /** A change of a record, its material opened under the old fields and sealed under the new ones. */
  resealKey(record: KeyRecord, changes: Partial<UnsealedKeyRecord>): Promise<KeyRecord>;
  sealToken(token: UnsealedToken, privateKey: Secret): Promise<TokenRecord>;
  openToken(token: TokenRecord): Promise<Secret>;
  sealAuthority(authority: UnsealedAuthority, privateKey: Secret): Promise<AuthorityRecord>;
  openAuthority(authority: AuthorityRecord): Promise<Secret>;
  sealAccessKey(key: UnsealedAccessKey, secret: Secret): Promise<AccessKeyRecord>;
  openAccessKey(key: AccessKeyRecord): Promise<Secret>;
  /** `secret` may be empty: then the seal says that the document is authentic, and no more. */
  sealDocument(document: UnsealedDocument, secret: Secret): Promise<DocumentRecord>;
  /** @throws SealError when anything of the document was changed outside */
  openDocument(document: DocumentRecord): Promise<Secret>;
  /** A key component, bound to its ceremony, number and custodian. */
  sealComponent(component: UnsealedComponent, clear: Secret): Promise<ComponentRecord>;
  /** @throws SealError when it was sealed for another place, or there is none */
  openComponent(component: ComponentRecord): Promise<Secret>;
}

/** @param environment the name of the environment that everything sealed is bound to */
export function createVault(
  provider: Pick<MainKeyProvider, 'seal' | 'open'> & { readonly isSealed?: boolean },
  environment = DEFAULT_ENVIRONMENT,
): Vault {
  const mainKey = boundToEnvironment(environment, provider);
  const vault: Vault = {
    get isSealed() {
      return provider.isSealed ?? false;
    },
    async sealKey(record, clear) {
      return { ...record, sealed: await mainKey.seal(clear, bindingOfKey(record)) };
    },
    async openKey(record) {
      if (record.sealed === undefined) throw new SealError();
      return mainKey.open(record.sealed, bindingOfKey(record));
    },
    async resealKey(record, changes) {
      using clear = await vault.openKey(record);
      return await vault.sealKey({ ...record, ...changes }, clear);
    },
    async sealToken(token, privateKey) {
      return { ...token, sealed: await mainKey.seal(privateKey, bindingOfToken(token)) };
    },
    openToken(token) {
      return mainKey.open(token.sealed, bindingOfToken(token));
    },
    async sealAuthority(authority, privateKey) {
      return { ...authority, sealed: await mainKey.seal(privateKey, bindingOfAuthority(authority)) };
    },
    openAuthority(authority) {
      return mainKey.open(authority.sealed, bindingOfAuthority(authority));
    },
    async sealAccessKey(key, secret) {
      return { ...key, sealed: await mainKey.seal(secret, bindingOfAccessKey(key)) };
    },
    openAccessKey(key) {
      return mainKey.open(key.sealed, bindingOfAccessKey(key));
    },
    async sealDocument(document, secret) {
      return { ...document, sealed: await mainKey.seal(secret, bindingOfDocument(document)) };
    },
    openDocument(document) {
      return mainKey.open(document.sealed, bindingOfDocument(document));
    },
    async sealComponent(component, clear) {
      return { ...component, sealed: await mainKey.seal(clear, bindingOfComponent(component)) };
    },
    async openComponent(component) {
      if (component.sealed === undefined) throw new SealError();
      return mainKey.open(component.sealed, bindingOfComponent(component));
    },
  };
  return vault;
}
