import { type Command, InvalidArgumentError } from 'commander';
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
}
