import type { Profile } from '@keywright/crypto';
import { type Command, InvalidArgumentError, Option } from 'commander';

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

const CHECK_HELP = `
Needs no key: what the header and the optional blocks tell is held against the slots and the policy of the terminal. Exit status
0: nothing speaks against the block; 1: the terminal will refuse it, and each reason is said with what to change.

Profiles:  generic-ped, idtech-l100, qpos, uic-pp791
Policies:  strict, compat:qpos, compat:sunmi, compat:uic, compat:any

Examples:
  $ keywright keyblock check B0096B1TX00S000038A8A065… --for qpos --slot DUKPT-PIN-0
  $ keywright keyblock check - --for uic-pp791 --policy compat:uic < block.txt`;

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

interface CheckOptions {
  for: string;
  policy: string;
  slot?: string;
  index?: number;
  ksn?: string;
  json?: boolean;
}

async function check(block: string, { for: profile, ...options }: CheckOptions): Promise<void> {
  const { checkBlock } = await import('../inspect/check-block.ts');
  return checkBlock(block, { profile, ...options });
}

function slotIndex(text: string): number {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
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
    .command('check')
    .description('say what a terminal will refuse a key block for')
    .argument('<block>', 'the key block, or - for standard input')
    .requiredOption('--for <profile>', 'the slots of the terminal')
    .option('--policy <policy>', 'what the terminal lets pass', 'strict')
    .option('--slot <name>', 'the slot that it is for')
    .option('--index <number>', 'the index of the slot, in place of its name', slotIndex)
    .option('--ksn <digits>', 'the KSN that goes along beside the block')
    .option('--json', 'answer one JSON object')
    .addHelpText('after', CHECK_HELP)
    .action(check);
  keyblock
    .command('inspect')
    .description('explain a key block in plain words')
    .argument('[block]', 'the key block, or - for standard input')
    .option('--json', 'answer one JSON object')
    .option('--ndjson', 'read {"block":"…"} a line, answer one object a line')
    .addHelpText('after', INSPECT_HELP)
    .action(inspect);
}
