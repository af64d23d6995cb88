import type { Profile } from '@keywright/crypto';
import { type Command, Option } from 'commander';

const UNWRAP_HELP = `
A line in:   {"kbpk":"…","block":"D0112P0AE00E0000…"}
A line out:  {"ok":true,"header":{…},"kcv":"…"}, with --show-clear "key" too, and with "warnings" where something
             was tolerated; or {"ok":false,"code":"…","message":"…"}

Examples:
  $ keywright keyblock unwrap --ndjson < blocks.ndjson
  $ keywright keyblock unwrap --ndjson --profile x9.143 < blocks.ndjson`;

const WRAP_HELP = `
A line in:   {"kbpk":"…","header":"D0000P0AE00E0000","key":"…"}; the header's length and number of optional blocks
             are passed over
             "optionalBlocks": {"KS":"…"} or [{"id":"KS","data":"…"}]
             "maskKeyLength": false to show the key's length, or a number of bytes to fill it up to
A line out:  {"ok":true,"block":"D0112P0AE00E0000…","kcv":"…"} or {"ok":false,"code":"…","message":"…"}

Examples:
  $ keywright keyblock wrap --ndjson < keys.ndjson > blocks.ndjson
  $ keywright keyblock wrap --ndjson --profile tolerant < keys.ndjson`;

const INSPECT_HELP = `
Needs no key, and verifies nothing. Words are for people; --json and --ndjson for programs.

Examples:
  $ keywright keyblock inspect B0096B1TX00S000038A8A065…
  $ keywright keyblock inspect - < block.txt
  $ keywright keyblock inspect --ndjson < blocks.ndjson`;

interface BatchOptions {
  profile: Profile;
  showClear?: boolean;
}

function profileOption(byDefault: Profile): Option {
  return new Option('--profile <profile>', 'the standard to the letter, or what the field does too')
    .choices(['x9.143', 'tolerant'])
    .default(byDefault);
}

function batchCommand(keyblock: Command, name: string, description: string): Command {
  return keyblock
    .command(name)
    .description(description)
    .requiredOption('--ndjson', 'read one JSON object a line, answer one a line');
}

async function unwrap({ profile, showClear = false }: BatchOptions): Promise<void> {
  const [{ answerBatch }, { unwrapLine }] = await Promise.all([
    import('../batch/ndjson.ts'),
    import('../batch/unwrap.ts'),
  ]);
  await answerBatch(unwrapLine({ profile, showClear }));
}

async function wrap({ profile }: BatchOptions): Promise<void> {
  const [{ answerBatch }, { wrapLine }] = await Promise.all([
    import('../batch/ndjson.ts'),
    import('../batch/wrap.ts'),
  ]);
  await answerBatch(wrapLine({ profile }));
}

interface InspectOptions {
  json?: boolean;
  ndjson?: boolean;
}

async function inspect(block: string | undefined, options: InspectOptions, command: Command): Promise<void> {
  if ((block === undefined) !== (options.ndjson ?? false)) {
    command.error('error: give one key block, or - for standard input, or --ndjson');
  }
  if (block !== undefined) {
    const { inspectBlock } = await import('../inspect/inspect-block.ts');
    return inspectBlock(block, options.json ?? false);
  }
  const [{ answerBatch }, { inspectLine }] = await Promise.all([
    import('../batch/ndjson.ts'),
    import('../batch/inspect.ts'),
  ]);
  return answerBatch(inspectLine);
}

export function register(program: Command): void {
  const keyblock = program
    .command('keyblock')
    .description('unwrap, wrap and explain TR-31 / X9.143 key blocks');
  batchCommand(keyblock, 'unwrap', 'check key blocks and unwrap their keys')
    .addOption(profileOption('tolerant'))
    .option('--show-clear', 'show the clear keys')
    .addHelpText('after', UNWRAP_HELP)
    .action(unwrap);
  batchCommand(keyblock, 'wrap', 'wrap keys into key blocks')
    .addOption(profileOption('x9.143'))
    .addHelpText('after', WRAP_HELP)
    .action(wrap);
  keyblock
    .command('inspect')
    .description('explain a key block in plain words')
    .argument('[block]', 'the key block, or - for standard input')
    .option('--json', 'answer one JSON object')
    .option('--ndjson', 'read {"block":"…"} a line, answer one object a line')
    .addHelpText('after', INSPECT_HELP)
    .action(inspect);
}
