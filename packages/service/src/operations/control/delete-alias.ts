import { notFound } from '../../api/exceptions.ts';
import type { Operation } from '../operation.ts';

export const deleteAlias: Operation<'DeleteAlias'> = async ({ AliasName }, { region, store }) => {
  if (!(await store.deleteAlias(region, AliasName))) throw notFound(AliasName);
  return {};
};
