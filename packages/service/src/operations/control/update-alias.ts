import { notFound } from '../../api/exceptions.ts';
import { aliasTarget } from '../alias-target.ts';
import { aliasAnswer } from '../key-answer.ts';
import type { Operation } from '../operation.ts';

/** Without a KeyArn, the alias then points to no key. */
export const updateAlias: Operation<'UpdateAlias'> = async ({ AliasName, KeyArn }, context) => {
  const keyId = await aliasTarget(KeyArn, 'UpdateAlias', context);
  const alias = { region: context.region, aliasName: AliasName, keyId };
  if (!(await context.store.replaceAlias(alias))) throw notFound(AliasName);
  return { Alias: aliasAnswer(alias, context) };
};
