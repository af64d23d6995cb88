import type { Command } from 'commander';
import type { ServiceOptions } from '../ceremony/service-client.ts';
import { connect, ownCommand, WHO_ASKS } from '../people/service-option.ts';

const HELP = `
Makes a new version of a key and exports anew all that hangs on it: the key, to whoever has it; for a KEK, every key that went out
under it; for a BDK, the initial key of every terminal. The blocks go to a file, a line of JSON each, in the order in which they
are to be loaded. Aliases still point to the old key: they are switched by --complete, once the other parties have loaded the
blocks. Until then --roll-back undoes everything. A rotation that was broken off goes on with --resume.
${WHO_ASKS}`;

interface RotateOptions extends ServiceOptions {
  readonly successor?: string;
  readonly output?: string;
  readonly resume?: string;
  readonly complete?: string;
  readonly rollBack?: string;
  readonly byHandDone?: boolean;
  readonly stopOldKey?: boolean;
  readonly list?: boolean;
}

async function rotate(key: string | undefined, options: RotateOptions): Promise<void> {
  const [{ listRotations, completeRotation, rollBackRotation, runRotation }, { Failure }] = await Promise.all(
    [import('../rotation/rotation.ts'), import('../failure.ts')],
  );
  const client = await connect(options);
  const { successor, output, resume, complete, rollBack, byHandDone = false, stopOldKey = false } = options;
  if (options.list) return listRotations(client);
  if (complete) return completeRotation(client, complete, { byHandDone, stopOldKey });
  if (rollBack) return rollBackRotation(client, rollBack);
  if ((key === undefined) === (resume === undefined)) {
    throw new Failure('name the key to rotate, or --resume, --complete, --roll-back or --list');
  }
  if (output === undefined) throw new Failure('--output must name a new file, for the key blocks');
  return runRotation(client, { key, resume, successor, output });
}

export function register(program: Command): void {
  ownCommand(
    program,
    'rotate',
    'replace a key, with all that hangs on it',
    'keywright rotate alias/partner-kek --output blocks.ndjson',
  )
    .argument('[key]', 'ARN or alias')
    .option('--successor <key>', 'a key that is there already, instead of a new one')
    .option('--output <file>', 'where the key blocks go: a new file')
    .option('--resume <rotation>', 'go on with one that was broken off')
    .option('--complete <rotation>', 'switch the aliases to the new key')
    .option('--by-hand-done', 'with --complete: what had to be exported by hand has been')
    .option('--stop-old-key', 'with --complete: disable the old key as well')
    .option('--roll-back <rotation>', 'give it up: nothing has changed')
    .option('--list', 'show the rotations')
    .addHelpText('after', HELP)
    .action(rotate);
}
