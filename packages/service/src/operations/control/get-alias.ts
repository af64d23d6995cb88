import { notFound } from '../../api/exceptions.ts';
import { aliasAnswer } from '../key-answer.ts';
import type { Operation } from '../operation.ts';

export const getAlias: Operation<'GetAlias'> = async ({ AliasName }, context) => {
  const alias = await context.store.findAlias(context.region, AliasName);
  if (alias === undefined) throw notFound(AliasName);
  return { Alias: aliasAnswer(alias, context) };
};
