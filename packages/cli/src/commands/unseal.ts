import type { Command } from 'commander';

const HELP = `
Each custodian types his share, masked; the service says how many are still needed. The custodians may do so at one
terminal, one after the other, or each at his own with --one. A share that does not fit is refused and the others
stay; they are wiped when nobody goes on for 15 minutes, or with --abort, which takes the administrator's
access key.

The service is the one on this machine, or that of AWS_ENDPOINT_URL.

Examples:
  $ keywright unseal
  $ keywright unseal --one --endpoint-url https://keys.example:3131`;

interface Options {
  endpointUrl?: string;
  region?: string;
  one?: boolean;
  abort?: boolean;
  status?: boolean;
}

function describe({
  sealed,
  given,
  threshold,
}: {
  sealed: boolean;
  given?: number;
  threshold?: number;
}): string {
  if (!sealed) return 'the service is not sealed';
  return `the service is sealed; ${given} of ${threshold} shares are there`;
}

async function run(options: Options): Promise<void> {
  const { connectToCustody } = await import('../main-key/custody-client.ts');
  const service = connectToCustody(options);
  if (options.status) return console.log(describe(await service.status()));
  if (options.abort) return console.log(describe(await service.abort()));
  const { assertTerminal, withFailures } = await import('../main-key/local.ts');
  assertTerminal('shares are typed by their custodians');
  const [{ terminalPrompts }, { unseal }] = await Promise.all([
    import('../ceremony/terminal-prompts.ts'),
    import('../main-key/unseal.ts'),
  ]);
  const left = 'The shares that were given stay for 15 minutes, or until keywright unseal --abort';
  await withFailures(left, () => unseal(terminalPrompts, service, options.one ?? false));
}

export function register(program: Command): void {
  program
    .command('unseal')
    .description("open a sealed service with the custodians' shares")
    .option('--endpoint-url <url>', 'where the service is')
    .option('--region <region>', 'region that requests are signed for (default: AWS_REGION, or us-east-1)')
    .option('--one', 'type one share and leave the others to other custodians')
    .option('--abort', 'wipe the shares that are there')
    .option('--status', 'say whether it is sealed, and how many shares are there')
    .addHelpText('after', HELP)
    .action(run);
}
