import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type ChainReport, PUBLIC_KEY_NAME, readCheckpoints, verifyAudit } from '@keywright/service/audit';
import { Failure } from '../failure.ts';
import { auditDirectory } from './directory.ts';

export interface VerifyCommand {
  readonly dataDir?: string;
  readonly publicKey?: readonly string[];
  readonly checkpoints?: readonly string[];
  readonly archived?: boolean;
}

function readKey(path: string): KeyObject {
  const pem = readFileSync(path);
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (cause) {
    throw new Failure(`${path} is no public key in PEM`, { cause });
  }
  throw new Failure(`${path} is not the public key of an audit, which is of Ed25519`);
}

/** The keys that are given, or, for want of them, what lies beside the records: whoever can change these can change it. */
function keysFor(paths: readonly string[], given: readonly string[] | undefined): KeyObject[] {
  if (given) return given.map(readKey);
  const directory = paths.find((path) => statSync(path).isDirectory());
  if (directory === undefined) throw new Failure('give the public key of the service: --public-key');
  const path = join(directory, PUBLIC_KEY_NAME);
  console.error(
    `keywright: no --public-key is given; ${path} is used, which proves nothing to somebody else`,
  );
  return [readKey(path)];
}

function describe({ chain, first, last, from, to, signedTo }: ChainReport): string {
  if (last === 0) return `${chain}  no records`;
  const unsigned = signedTo < last ? `; ${last - signedTo} later ones are not signed yet` : '';
  return `${chain}  records ${first} to ${last}  ${from} to ${to}  signed to ${signedTo}${unsigned}`;
}

/** Verifies audits and prints what they have to show. @throws Failure when one was bent */
export async function verify(given: readonly string[], options: VerifyCommand): Promise<void> {
  const paths = given.length > 0 ? given : [auditDirectory(options.dataDir)];
  const { chains, faults, unfinished } = await verifyAudit(paths, {
    publicKeys: keysFor(paths, options.publicKey),
    checkpoints: (options.checkpoints ?? []).flatMap(readCheckpoints),
    archived: options.archived ?? false,
    onProgress: (records) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${records.toLocaleString('en')} records`);
    },
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  for (const report of chains) console.log(describe(report));
  for (const change of unfinished) console.log(`no outcome is on record: ${change}`);
  if (chains.length === 0 && faults.length === 0) throw new Failure('there are no records');
  if (faults.length === 0) return console.log('whole: nothing was changed, cut out, inserted or reordered');
  for (const { chain, message } of faults) console.error(`keywright: chain ${chain}: ${message}`);
  throw new Failure('');
}
