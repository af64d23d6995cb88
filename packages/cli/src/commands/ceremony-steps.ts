import { type Command, Option } from 'commander';
import type { ServiceOptions } from '../ceremony/service-client.ts';
import type { CeremonyAnswer } from '../custodians/ceremony.ts';
import { connect, ownCommand } from '../people/service-option.ts';

// A ceremony on the server: each person signs in alone (keywright login) and takes his own step.

const USAGES = {
  K0: 'TR31_K0_KEY_ENCRYPTION_KEY',
  K1: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY',
  B0: 'TR31_B0_BASE_DERIVATION_KEY',
} as const;
const ALGORITHMS = ['TDES_2KEY', 'TDES_3KEY', 'AES_128', 'AES_192', 'AES_256'] as const;

interface Opening extends ServiceOptions {
  readonly keyName: string;
  readonly party: string;
  readonly custodian: string[];
}

async function say(answer: CeremonyAnswer): Promise<void> {
  const { describeCeremony } = await import('../custodians/ceremony.ts');
  console.log(describeCeremony(answer));
}

async function post(options: ServiceOptions, path: string, body: object): Promise<void> {
  await say(await (await connect(options)).send<CeremonyAnswer>('POST', path, body));
}

async function openReceive(
  options: Opening & { usage: keyof typeof USAGES; algorithm: string; exportable?: boolean },
): Promise<void> {
  const { keyName, party, custodian: custodians, usage, algorithm, exportable = false } = options;
  const body = { keyName, party, custodians, usage: USAGES[usage], algorithm, exportable };
  await post(options, '/ceremonies/receive', body);
}

async function openSend(keyIdentifier: string, options: Opening): Promise<void> {
  const { keyName, party, custodian: custodians } = options;
  await post(options, '/ceremonies/send', { keyName, party, custodians, keyIdentifier });
}

async function list(options: ServiceOptions): Promise<void> {
  const { summarizeCeremony } = await import('../custodians/ceremony.ts');
  const client = await connect(options);
  const { ceremonies } = await client.send<{ ceremonies: CeremonyAnswer[] }>('GET', '/ceremonies');
  for (const ceremony of ceremonies) console.log(summarizeCeremony(ceremony));
}

async function find(id: string, options: ServiceOptions): Promise<CeremonyAnswer> {
  const { placeOf } = await import('../custodians/ceremony.ts');
  return (await connect(options)).send<CeremonyAnswer>('GET', placeOf(id));
}

async function enter(id: string, options: ServiceOptions): Promise<void> {
  const [{ enterComponent }, { openQuestions }] = await Promise.all([
    import('../custodians/enter-component.ts'),
    import('../people/questions.ts'),
  ]);
  const client = await connect(options);
  console.log(await enterComponent(client, await openQuestions(), id));
}

async function print(id: string, options: ServiceOptions & { screen?: boolean }): Promise<void> {
  const [{ printComponent }, { openQuestions }] = await Promise.all([
    import('../custodians/print-component.ts'),
    import('../people/questions.ts'),
  ]);
  const client = await connect(options);
  const { screen = false } = options;
  console.log(await printComponent(client, await openQuestions(), id, { screen }));
}

async function complete(id: string, options: ServiceOptions & { kcv?: string }): Promise<void> {
  const { placeOf } = await import('../custodians/ceremony.ts');
  const { Failure } = await import('../failure.ts');
  const { kind } = await find(id, options);
  if (kind === 'SEND') return post(options, placeOf(id, '/complete-send'), {});
  if (options.kcv === undefined) {
    throw new Failure(
      'a key that is received is completed with --kcv, the check value that the sender states',
    );
  }
  return post(options, placeOf(id, '/complete-receive'), { checkValue: options.kcv });
}

async function abort(id: string, options: ServiceOptions): Promise<void> {
  const { placeOf } = await import('../custodians/ceremony.ts');
  await post(options, placeOf(id, '/abort'), {});
}

async function protocol(id: string, options: ServiceOptions & { output: string }): Promise<void> {
  const [{ protocolPage }, { writeFile }] = await Promise.all([
    import('../custodians/protocol-page.ts'),
    import('node:fs/promises'),
  ]);
  await writeFile(options.output, await protocolPage(await find(id, options)), { flag: 'wx', mode: 0o600 });
  console.log(`the protocol is in ${options.output}`);
}

function withParties(command: Command): Command {
  return command
    .requiredOption('--key-name <name>', 'what both parties call the key')
    .requiredOption('--party <name>', 'the other party')
    .requiredOption('--custodian <names...>', 'who has which component, in their order: 2 to 9 people');
}

/** The steps of a ceremony on the server, below `keywright ceremony`. */
export function registerSteps(ceremony: Command): void {
  const command = (name: string, description: string, example: string) =>
    ownCommand(ceremony, name, description, `keywright ceremony ${example}`);
  withParties(
    command(
      'receive',
      'open a ceremony that receives a key',
      'receive --key-name ZMK-7 --party acquirer --custodian alice bob --algorithm AES_256',
    ),
  )
    .addOption(new Option('--algorithm <name>', 'of the key').choices(ALGORITHMS).makeOptionMandatory())
    .addOption(
      new Option('--usage <code>', 'K0 or K1, a KEK; B0, a BDK').choices(Object.keys(USAGES)).default('K0'),
    )
    .option('--exportable', 'let the service export the key under other keys')
    .action(openReceive);
  withParties(
    command(
      'send',
      'open a ceremony that sends a key',
      'send alias/partner-kek --key-name ZMK-8 --party bank --custodian alice bob',
    ),
  )
    .argument('<key>', 'ARN or alias of an exportable key')
    .action(openSend);
  command('list', 'show the ceremonies', 'list').action(list);
  const withId = (name: string, description: string, example = `${name} abcdefghijklmnop`) =>
    command(name, description, example).argument('<ceremony>', 'its id');
  withId('show', 'show one ceremony').action(async (id, options) => say(await find(id, options)));
  withId('enter', 'enter the component on your sheet').action(enter);
  withId('print', 'print your sheet, once')
    .option('--screen', 'show it instead of printing it')
    .action(print);
  withId(
    'complete',
    'combine and take in the key; or end a dispatch',
    'complete abcdefghijklmnop --kcv 08D7B4',
  )
    .option('--kcv <digits>', 'of the whole key, as the sender states it')
    .action(complete);
  withId('abort', 'give a ceremony up, with nothing left').action(abort);
  withId('protocol', 'write its protocol as a PDF', 'protocol abcdefghijklmnop --output protocol.pdf')
    .requiredOption('--output <file>', 'a new file')
    .action(protocol);
}
