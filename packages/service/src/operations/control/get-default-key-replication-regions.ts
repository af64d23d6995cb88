import type { Operation } from '../operation.ts';

export const getDefaultKeyReplicationRegions: Operation<'GetDefaultKeyReplicationRegions'> = async (
  _input,
  { region, store },
) => ({ EnabledReplicationRegions: await store.listDefaultRegions(region) });
