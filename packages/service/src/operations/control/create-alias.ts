import { conflict } from '../../api/exceptions.ts';
import { quotaExceeded } from '../../policy/quotas.ts';
import { DuplicateRecordError, TooManyRecordsError } from '../../store/errors.ts';
import { aliasTarget } from '../alias-target.ts';
import { aliasAnswer } from '../key-answer.ts';
import type { Operation } from '../operation.ts';

export const createAlias: Operation<'CreateAlias'> = async ({ AliasName, KeyArn }, context) => {
  const keyId = await aliasTarget(KeyArn, 'CreateAlias', context);
  const { aliases: most } = context.quotas;
  const alias = { region: context.region, aliasName: AliasName, keyId };
  try {
    await context.store.insertAlias(alias, most);
  } catch (error) {
    if (error instanceof TooManyRecordsError) throw quotaExceeded('aliases', most!, context.region);
    if (!(error instanceof DuplicateRecordError)) throw error;
    throw conflict(`${AliasName} exists already: choose another name, or use UpdateAlias.`);
  }
  return { Alias: aliasAnswer(alias, context) };
};
