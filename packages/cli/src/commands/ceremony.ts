import type { Command } from 'commander';
import { Failure } from '../failure.ts';
import { registerSteps } from './ceremony-steps.ts';

const HELP = `
With people in the service (keywright user) a ceremony is held there: a key manager opens it, each custodian signs in
alone and enters or prints his own component, and the key manager completes it. kek and new do the same at one terminal,
without sign-ins, for a service of one's own.`;

const KEK_HELP = `
Asks for the key's algorithm and usage, for each component and the KCV on its sheet, and for the KCV that the
other party states. Components are masked while they are typed. TDES and AES-128 keys go to the service under
its own RSA key; AES-192 and AES-256 keys under a key that both sides agree on with ECDH (P-521), for which the service
makes a temporary key pair and trusts a temporary certificate. Ctrl-C at any question leaves nothing else behind.

The service is the one on this machine, or that of AWS_ENDPOINT_URL. Credentials are found as the AWS CLI finds
them, or else in aws-credentials in the data directory.

Examples:
  $ keywright ceremony kek
  $ keywright ceremony kek --alias acquirer-kek --endpoint-url https://keys.example:3131 --region us-east-2`;

const NEW_HELP = `
Every custodian sees one sheet, alone: the component, its KCV and the KCV of the whole key. Nothing is written to
a file. With --lp the sheets go to the default printer; its queue may keep a copy.

Examples:
  $ keywright ceremony new
  $ keywright ceremony new --no-import --lp`;

interface Options {
  endpointUrl?: string;
  region?: string;
  alias?: string;
  exportable?: boolean;
  import?: boolean;
  lp?: boolean;
}

function withServiceOptions(command: Command): Command {
  return command
    .option('--endpoint-url <url>', 'where the service is')
    .option('--region <region>', 'region of the key (default: AWS_REGION, or us-east-1)')
    .option('--alias <name>', 'alias for the key; otherwise asked for')
    .option('--exportable', 'let the service export the key under other keys');
}

async function openCeremony(options: Options) {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new Failure('a ceremony needs a terminal: components are typed by their custodians, never piped');
  }
  const [{ terminalPrompts: prompts }, { connect }] = await Promise.all([
    import('../ceremony/terminal-prompts.ts'),
    import('../ceremony/service-client.ts'),
  ]);
  const { alias, exportable = false } = options;
  const service = connect(options);
  return { prompts, service, now: Date.now, exportable, ...(alias === undefined ? {} : { alias }) };
}

/** Runs a ceremony; breaking it off is a failure that says what is left of it. */
async function perform(ceremony: () => Promise<void>, left: string): Promise<void> {
  const { Aborted } = await import('../ceremony/prompts.ts');
  try {
    await ceremony();
  } catch (error) {
    if (error instanceof Aborted) throw new Failure(`broken off. ${left}`);
    throw error;
  }
}

async function receive(options: Options): Promise<void> {
  const ceremony = await openCeremony(options);
  const { receiveKek } = await import('../ceremony/ceremony.ts');
  await perform(() => receiveKek(ceremony), 'Nothing was imported');
}

async function make(options: Options): Promise<void> {
  const ceremony = await openCeremony(options);
  const [{ newKek }, { printWithLp }] = await Promise.all([
    import('../ceremony/new-kek.ts'),
    import('../ceremony/line-printer.ts'),
  ]);
  const output = { print: options.lp ? printWithLp : undefined, import: options.import ?? true };
  await perform(() => newKek(ceremony, output), 'Nothing was imported; destroy the sheets that exist');
}

export function register(program: Command): void {
  const ceremony = program
    .command('ceremony')
    .description('exchange keys on paper, in components')
    .addHelpText('after', HELP);
  withServiceOptions(ceremony.command('kek'))
    .description('receive a KEK from paper components')
    .addHelpText('after', KEK_HELP)
    .action(receive);
  withServiceOptions(ceremony.command('new'))
    .description('make a KEK as paper components')
    .option('--no-import', 'make the components only')
    .option('--lp', 'print the sheets with lp instead of showing them')
    .addHelpText('after', NEW_HELP)
    .action(make);
  registerSteps(ceremony);
}
