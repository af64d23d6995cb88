import { copiedCheckpoints } from '@keywright/service/audit';
import { Failure } from '../failure.ts';
import { auditDirectory } from './directory.ts';

/** Prints the latest checkpoint of each chain, a line of JSON each: to be kept where nobody of this machine can change it. */
export function printCheckpoints({ dataDir }: { readonly dataDir?: string }): void {
  const latest = new Map(copiedCheckpoints(auditDirectory(dataDir)).map((record) => [record.chain, record]));
  if (latest.size === 0)
    throw new Failure('there is no checkpoint yet: the first comes ten seconds after the first record');
  for (const record of latest.values()) console.log(JSON.stringify(record));
}
