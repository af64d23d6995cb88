import { type Command, InvalidArgumentError, Option } from 'commander';
import { Failure } from '../failure.ts';

const INIT_HELP = `
Run it once, before the first start with KEYWRIGHT_MAIN_KEY=shares, on the machine and with the KEYWRIGHT_DATA_DIR of the
service. Each custodian sees his sheet alone, and types his share back from it. Nothing of the key is written to
any file; when somebody breaks off, nothing was made and the sheets are void.

Example:
  $ keywright main-key init --shares 5 --threshold 3`;

function count(text: string): number {
  if (/^[2-9]$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be 2 to 9.');
}

interface InitOptions {
  shares: number;
  threshold: number;
  lp?: boolean;
}

async function makeShares({ shares, threshold, lp }: InitOptions): Promise<void> {
  if (threshold > shares) throw new Failure(`the threshold ${threshold} is more than the ${shares} shares`);
  const { assertTerminal, dataDirectory, withFailures } = await import('../main-key/local.ts');
  assertTerminal('shares are shown to their custodians alone, and typed by them');
  const [{ newShares }, { terminalPrompts: prompts }, { printWithLp }, { handOutShares }] = await Promise.all(
    [
      import('@keywright/service'),
      import('../ceremony/terminal-prompts.ts'),
      import('../ceremony/line-printer.ts'),
      import('../main-key/hand-out.ts'),
    ],
  );
  await withFailures('No main key was made; destroy the sheets that exist', async () => {
    using made = newShares(dataDirectory(), { shares, threshold });
    await handOutShares(prompts, made, lp ? printWithLp : undefined);
    made.keep();
    prompts.say(
      `The main key ${made.set.mainKeyId.toLowerCase()} is made: any ${threshold} of ${shares} shares`,
    );
  });
}

const ROTATE_HELP = `
The service goes on answering. New records are sealed under the new main key at once, the others in the background; the
old main key is destroyed when no record is under it, after 40 seconds at the least. A stop or a crash breaks nothing off:
it goes on at the next start. It takes the administrator's access key.

Examples:
  $ keywright main-key rotate --to file
  $ keywright main-key rotate --to shares --shares 5 --threshold 3`;

interface RotateOptions {
  to: string;
  shares?: number;
  threshold?: number;
  lp?: boolean;
  endpointUrl?: string;
  region?: string;
}

async function rotate({ to, shares, threshold, lp, ...where }: RotateOptions): Promise<void> {
  const [{ withFailures }, { terminalPrompts: prompts }, { connectToCustody }, { rotateMainKey }, printer] =
    await Promise.all([
      import('../main-key/local.ts'),
      import('../ceremony/terminal-prompts.ts'),
      import('../main-key/custody-client.ts'),
      import('../main-key/rotate.ts'),
      import('../ceremony/line-printer.ts'),
    ]);
  const choice = { to, shares, threshold };
  const print = lp ? printer.printWithLp : undefined;
  const left = 'See keywright main-key status';
  await withFailures(left, () => rotateMainKey(prompts, connectToCustody(where), choice, print));
}

async function showStatus(options: { endpointUrl?: string; region?: string }): Promise<void> {
  const [{ connectToCustody }, { describeMainKey }] = await Promise.all([
    import('../main-key/custody-client.ts'),
    import('../main-key/rotate.ts'),
  ]);
  console.log(describeMainKey(await connectToCustody(options).mainKey()));
}

function withService(command: Command): Command {
  return command
    .option('--endpoint-url <url>', 'where the service is')
    .option('--region <region>', 'region that requests are signed for (default: AWS_REGION, or us-east-1)');
}

export function register(program: Command): void {
  const mainKey = program.command('main-key').description('the key that all others are sealed under');
  mainKey
    .command('init')
    .description('make the main key as shares for custodians')
    .requiredOption('--shares <number>', 'how many custodians there are, 2 to 9', count)
    .requiredOption('--threshold <number>', 'how many of them make the key', count)
    .option('--lp', 'print the sheets with lp instead of showing them')
    .addHelpText('after', INIT_HELP)
    .action(makeShares);
  withService(mainKey.command('rotate'))
    .description('put another main key in the place of the present one')
    .addOption(
      new Option('--to <kind>', 'where the new one is')
        .choices(['file', 'passphrase', 'shares', 'pkcs11'])
        .makeOptionMandatory(),
    )
    .option('--shares <number>', 'how many custodians there are, 2 to 9', count)
    .option('--threshold <number>', 'how many of them make the key', count)
    .option('--lp', 'print the sheets with lp instead of showing them')
    .addHelpText('after', ROTATE_HELP)
    .action(rotate);
  withService(mainKey.command('status'))
    .description('say which main key seals, and how far a rotation is')
    .addHelpText('after', '\nExample:\n  $ keywright main-key status')
    .action(showStatus);
}
