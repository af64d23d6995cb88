import { hostname } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import type { InjectOptions } from '../fleet/inject.ts';

const HELP = `
An agent runs beside its terminals. It claims those of the run, gets each one's key blocks, sends them, has the terminal prove its
key, and reports. It can be stopped, or killed, at any moment and started again: a terminal is asked what it has before anything
is sent a second time. Several agents may serve one run, each with its own terminals or sharing them. Exit status 0: every
terminal has its keys; 1: some have not, and why is said.

Examples:
  $ keywright inject --run 6tq3yjm2ukrqo4dd --directory terminals
  $ keywright inject --run 6tq3yjm2ukrqo4dd --rack simulated.rack --parallel 200
  $ keywright inject --run 6tq3yjm2ukrqo4dd --terminal pp791=tcp:10.0.0.7:4001 pp791=serial:/dev/ttyUSB0`;

interface Options extends InjectOptions {
  readonly endpointUrl?: string;
  readonly region?: string;
}

function between(least: number, most: number) {
  return (text: string): number => {
    if (/^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

async function run(options: Options, command: Command): Promise<void> {
  const places = [options.directory, options.rack, options.terminal].filter((place) => place !== undefined);
  if (places.length !== 1) command.error('error: give one of --directory, --rack and --terminal');
  const [{ connectToFleet }, { inject }] = await Promise.all([
    import('../fleet/fleet-client.ts'),
    import('../fleet/inject.ts'),
  ]);
  await inject(connectToFleet(options), options);
}

export function register(program: Command): void {
  program
    .command('inject')
    .description('load the keys of a run into the terminals at hand')
    .requiredOption('--run <id>', 'the run')
    .option('--directory <directory>', 'software terminals: each directory in it is one')
    .option('--rack <file>', 'simulated terminals, many in one file')
    .option(
      '--terminal <addresses...>',
      'terminals at lines: DRIVER=tcp:HOST:PORT, DRIVER=serial:PORT[@BAUD]',
    )
    .option('--parallel <number>', 'how many terminals to serve at once', between(1, 4000), 8)
    .option('--agent <name>', 'the name of this agent in receipts', `${hostname()}:${process.pid}`)
    .option(
      '--lease <seconds>',
      'how long nobody else serves a terminal if this agent dies',
      between(1, 3600),
      60,
    )
    .option('--endpoint-url <url>', 'where the service is')
    .option('--region <region>', 'region of the run (default: AWS_REGION, or us-east-1)')
    .addHelpText('after', HELP)
    .action(run);
}
