import type { Secret } from '@keywright/crypto';
import type { ImportTokenRecord, KeyRecord } from '../store/store.ts';
import { bindingOfImportToken, bindingOfKey } from './binding.ts';
import { type MainKeyProvider, SealError } from './main-key.ts';

/** A key record without what only the store and the vault set. */
export type UnsealedKeyRecord = Omit<KeyRecord, 'sealed'>;
export type UnsealedImportToken = Omit<ImportTokenRecord, 'sealed'>;

/**
 * Seals key material bound to the record that it belongs to: the associated data are the record's own fields, so that
 * material copied onto another row, or a row whose attributes or state were changed outside, does not open.
 */
export interface Vault {
  /** The record with its key material sealed into it; `clear` stays the caller's to dispose of. */
  sealKey(record: UnsealedKeyRecord, clear: Secret): Promise<KeyRecord>;
  /** @throws SealError when the record and its material do not belong together, or it has none */
  openKey(record: KeyRecord): Promise<Secret>;
  /** A change of a record, its material opened under the old fields and sealed under the new ones. */
  resealKey(record: KeyRecord, changes: Partial<UnsealedKeyRecord>): Promise<KeyRecord>;
  sealImportToken(token: UnsealedImportToken, privateKey: Secret): Promise<ImportTokenRecord>;
  openImportToken(token: ImportTokenRecord): Promise<Secret>;
}

export function createVault(mainKey: MainKeyProvider): Vault {
  const vault: Vault = {
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
    async sealImportToken(token, privateKey) {
      return { ...token, sealed: await mainKey.seal(privateKey, bindingOfImportToken(token)) };
    },
    openImportToken(token) {
      return mainKey.open(token.sealed, bindingOfImportToken(token));
    },
  };
  return vault;
}
