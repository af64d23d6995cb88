import { aliasAnswer } from '../key-answer.ts';
import { resolveKey } from '../key-identifier.ts';
import type { Operation } from '../operation.ts';
import { readPage } from '../paging.ts';

export const listAliases: Operation<'ListAliases'> = async (input, context) => {
  const { region, store } = context;
  const keyId = input.KeyArn === undefined ? undefined : (await resolveKey(input.KeyArn, context)).keyId;
  const { rows, next } = await readPage(
    input,
    ['ListAliases', region, keyId ?? ''],
    (page) => store.listAliases(region, { keyId }, page),
    ({ aliasName }) => aliasName,
  );
  return { Aliases: rows.map((alias) => aliasAnswer(alias, context)), ...next };
};
