import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Run } from '../fleet/fleet-api.ts';
import type { FleetClient } from '../fleet/fleet-client.ts';
import type { Format } from '../fleet/tables.ts';

const HELP = `
A group's terminals get the initial keys of its profile. Terminals come from a CSV file; a run gives each its keys, through agents
that stand beside them (keywright inject); its report is the receipts. The service is the one on this machine, or that of
AWS_ENDPOINT_URL; credentials are found as the AWS CLI finds them, or else in aws-credentials in the data directory.`;

const EXAMPLES: Record<string, string> = {
  'profile add': `
A key is PURPOSE=SLOT,BDK,KEYSET: PIN, DATA or MAC; the terminal's slot; the BDK's ARN or alias; its KSI (TDES, 10 hexadecimal
digits) or BDK ID (AES, 8). A range of numbers may follow, where others were given elsewhere. A profile is never changed.

Examples:
  $ keywright fleet profile add counter --model generic-ped --key PIN=DUKPT-0,alias/pin-bdk,FFFF987654
  $ keywright fleet profile add mobile --model qpos --key PIN=DUKPT-PIN-0,alias/pin-bdk,FFFF987655,1000-1999 \\
      --key DATA=DUKPT-TRK-0,alias/track-bdk,FFFF987656`,
  'profile list': `
Example:
  $ keywright fleet profile list`,
  'group add': `
Example:
  $ keywright fleet group add shops --profile counter`,
  'group list': `
Example:
  $ keywright fleet group list`,
  import: `
The first line names the columns: serial, group and, where custodians enter the KEK into the terminal, kek (ARN or alias of the same
key in the service). Every line that is wrong is said with its number; then nothing is imported.

Example:
  $ keywright fleet import terminals.csv`,
  list: `
Examples:
  $ keywright fleet list --group shops --state QUARANTINED
  $ keywright fleet list --format csv > terminals.csv`,
  show: `
Example:
  $ keywright fleet show T-0001`,
  kek: `
The check value of the key is compared with the terminal's before a key block leaves.

Example:
  $ keywright fleet kek T-0001 alias/kek-T-0001`,
  bootstrap: `
The terminal is the key receiving device (TR-34, two passes). It needs a certificate that has its serial number for its common name, of
an authority that the service trusts (aws payment-cryptography import-key, RootCertificatePublicKey), and the service's authority for that of
its hosts. The KEK is made for it alone; its check value is compared.

Example:
  $ keywright fleet bootstrap --authority alias/terminal-ca --directory terminals`,
  incidents: `
Example:
  $ keywright fleet incidents`,
  release: `
Look at the terminal first: somebody may have put another in its place. It has to show its KEK again.

Example:
  $ keywright fleet release T-0001`,
  decommission: `
The terminal's KEK is switched off and scheduled for deletion. With --directory its keys are erased too; a device that is elsewhere is
to be zeroized by hand. Its KSNs are never given again.

Examples:
  $ keywright fleet decommission T-0001 --reason 'sold'
  $ keywright fleet decommission T-0001 --reason 'sold' --directory terminals/T-0001`,
  simulate: `
To try a fleet, or to measure one. Each simulated terminal gets a KEK of its own, in two components, and the service the same.

Example:
  $ keywright fleet simulate shops --count 20 --rack simulated.rack --csv simulated.csv`,
  'run start': `
Examples:
  $ keywright fleet run start shops
  $ keywright fleet run start shops --serial T-0001 T-0002 --rate 5`,
  'run status': `
Example:
  $ keywright fleet run status 6tq3yjm2ukrqo4dd --watch`,
  'run list': `
Example:
  $ keywright fleet run list`,
  'run stop': `
Example:
  $ keywright fleet run stop 6tq3yjm2ukrqo4dd`,
  'run resume': `
Keys that a terminal refused, or whose terminal was in quarantine and is not any more, are tried again.

Example:
  $ keywright fleet run resume 6tq3yjm2ukrqo4dd`,
  'run report': `
Who loaded which key into which terminal and slot, when, with which KSN and check value, and the hash of its key block.

Examples:
  $ keywright fleet run report 6tq3yjm2ukrqo4dd --format csv > receipts.csv
  $ keywright fleet run report 6tq3yjm2ukrqo4dd --state REFUSED`,
  rotate: `
Starts a run whose key version is one higher; terminals take no older key after it. The group's open run must be stopped first.

Example:
  $ keywright fleet rotate shops`,
};

interface Common {
  endpointUrl?: string;
  region?: string;
}

type Listing = Common & { format: Format };

function subcommand(parent: Command, name: string, description: string): Command {
  const path = parent.name() === 'fleet' ? name : `${parent.name()} ${name}`;
  return parent
    .command(name)
    .description(description)
    .option('--endpoint-url <url>', 'where the service is')
    .option('--region <region>', 'region of the keys (default: AWS_REGION, or us-east-1)')
    .addHelpText('after', EXAMPLES[path]!);
}

function listing(parent: Command, name: string, description: string): Command {
  const format = new Option('--format <format>', 'how to write it').choices(['table', 'csv', 'json']);
  return subcommand(parent, name, description).addOption(format.default('table'));
}

async function connect(options: Common): Promise<FleetClient> {
  const { connectToFleet } = await import('../fleet/fleet-client.ts');
  return connectToFleet(options);
}

function keyVersion(text: string): string {
  if (/^\d\d$/.test(text) && text !== '00') return text;
  throw new InvalidArgumentError('It must be two digits, 01 to 99.');
}

function rate(text: string): number {
  if (/^\d{1,4}(\.\d+)?$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('It must be a number of terminals a second.');
}

interface ProfileOptions extends Common {
  model: string;
  policy: string;
  kekSlot?: string;
  key: string[];
}

async function addProfile(name: string, options: ProfileOptions): Promise<void> {
  const { checkDevice, defaultKekSlot, readKey } = await import('../fleet/profile-options.ts');
  const { model, policy, kekSlot = defaultKekSlot(model) } = options;
  const [device, keys] = [{ model, policy, kekSlot }, options.key.map(readKey)];
  checkDevice(device, keys);
  await (await connect(options)).send('POST', '/profiles', { name, device, keys });
  console.log(`profile ${name} has ${keys.length} keys`);
}

async function addGroup(name: string, options: Common & { profile: string }): Promise<void> {
  await (await connect(options)).send('POST', '/groups', { name, profile: options.profile });
  console.log(`group ${name} gets the keys of profile ${options.profile}`);
}

type Lists = typeof import('../fleet/lists.ts');

/** A list that a command writes. */
function list<Options extends Listing>(
  write: (lists: Lists, fleet: FleetClient, options: Options) => Promise<void>,
) {
  return async (options: Options): Promise<void> =>
    write(await import('../fleet/lists.ts'), await connect(options), options);
}

async function importFile(file: string, options: Common): Promise<void> {
  const { importTerminals } = await import('../fleet/import-terminals.ts');
  await importTerminals(await connect(options), file);
}

async function show(serial: string, options: Common): Promise<void> {
  console.log(
    JSON.stringify(await (await connect(options)).get(`/terminals/${encodeURIComponent(serial)}`), null, 2),
  );
}

async function assignKek(serial: string, kek: string, options: Common): Promise<void> {
  const path = `/terminals/${encodeURIComponent(serial)}/kek`;
  const fleet = await connect(options);
  const { kekCheckValue } = await fleet.send<{ kekCheckValue: string }>('PUT', path, { kek });
  console.log(`terminal ${serial} is to have the KEK with check value ${kekCheckValue}`);
}

interface BootstrapOptions extends Common {
  authority: string;
  directory: string;
  model: string;
  policy: string;
  kekSlot?: string;
}

async function bootstrap(options: BootstrapOptions): Promise<void> {
  const [{ bootstrapDirectory }, { defaultKekSlot }] = await Promise.all([
    import('../fleet/bootstrap-directory.ts'),
    import('../fleet/profile-options.ts'),
  ]);
  const { kekSlot = defaultKekSlot(options.model) } = options;
  await bootstrapDirectory(await connect(options), { ...options, kekSlot });
}

async function release(serial: string, options: Common): Promise<void> {
  await (await connect(options)).send('POST', `/terminals/${encodeURIComponent(serial)}/release`, {});
  console.log(`terminal ${serial} is out of quarantine`);
}

async function decommission(
  serial: string,
  options: Common & { reason: string; directory?: string },
): Promise<void> {
  const { decommissionTerminal } = await import('../fleet/decommission.ts');
  await decommissionTerminal(await connect(options), serial, options);
}

interface SimulateOptions extends Common {
  count: number;
  prefix: string;
  model: string;
  kekSlot?: string;
  rack: string;
  csv: string;
}

async function simulate(group: string, options: SimulateOptions): Promise<void> {
  const [{ connect: connectToKeys }, { simulateTerminals }, { defaultKekSlot }] = await Promise.all([
    import('../ceremony/service-client.ts'),
    import('../fleet/simulate.ts'),
    import('../fleet/profile-options.ts'),
  ]);
  const { kekSlot = defaultKekSlot(options.model) } = options;
  await simulateTerminals(connectToKeys(options), { ...options, kekSlot, group });
  console.log(`${options.count} simulated terminals are in ${options.rack}; import ${options.csv}`);
}

async function startRun(
  group: string,
  options: Listing & { serial?: string[]; keyVersion?: string; rate?: number },
): Promise<void> {
  const fleet = await connect(options);
  const { serial: serials, keyVersion: version, rate: perSecond } = options;
  const run = await fleet.send<Run>('POST', '/runs', {
    group,
    ...(serials && { serials }),
    ...(version && { keyVersion: version }),
    ...(perSecond && { rate: perSecond }),
  });
  const { showRun } = await import('../fleet/lists.ts');
  await showRun(options.format, run);
}

async function status(runId: string, options: Listing & { watch?: boolean }): Promise<void> {
  const [{ watchRun }, { showRun }] = await Promise.all([
    import('../fleet/watch-run.ts'),
    import('../fleet/lists.ts'),
  ]);
  const fleet = await connect(options);
  const run = await (options.watch
    ? watchRun(fleet, runId)
    : fleet.get<Run>(`/runs/${encodeURIComponent(runId)}`));
  await showRun(options.format, run);
}

function change(verb: 'stop' | 'resume') {
  return async (runId: string, options: Listing): Promise<void> => {
    const fleet = await connect(options);
    const run = await fleet.send<Run>('POST', `/runs/${encodeURIComponent(runId)}/${verb}`, {});
    const { showRun } = await import('../fleet/lists.ts');
    await showRun(options.format, run);
  };
}

async function report(runId: string, options: Listing & { state?: string }): Promise<void> {
  const { writeReport } = await import('../fleet/lists.ts');
  await writeReport(await connect(options), options.format, runId, options.state);
}

function registerInventory(fleet: Command): void {
  const profile = fleet.command('profile').description('which keys terminals get, and where');
  subcommand(profile, 'add', 'make a key profile')
    .argument('<name>')
    .requiredOption(
      '--model <profile>',
      'the slots of the terminal: generic-ped, qpos, uic-pp791, idtech-l100',
    )
    .option('--policy <policy>', 'what the terminal lets pass', 'strict')
    .option('--kek-slot <slot>', "the slot of the KEK (default: the model's first)")
    .requiredOption('--key <key...>', 'PURPOSE=SLOT,BDK,KEYSET[,FIRST-LAST]')
    .action(addProfile);
  listing(profile, 'list', 'show the key profiles').action(
    list(({ listProfiles }, client, { format }) => listProfiles(client, format)),
  );
  const group = fleet.command('group').description('terminals that get the same keys');
  subcommand(group, 'add', 'make a group')
    .argument('<name>')
    .requiredOption('--profile <name>', 'the keys that its terminals get')
    .action(addGroup);
  listing(group, 'list', 'show the groups').action(
    list(({ listGroups }, client, { format }) => listGroups(client, format)),
  );
  subcommand(fleet, 'import', 'register the terminals of a CSV file').argument('<file>').action(importFile);
  listing(fleet, 'list', 'show the terminals')
    .option('--group <name>', 'of one group')
    .option('--state <state>', 'REGISTERED, BOOTSTRAPPED, LOADED, QUARANTINED or DECOMMISSIONED')
    .action(
      list<Listing & { group?: string; state?: string }>(
        ({ listTerminals }, client, { format, group, state }) =>
          listTerminals(client, format, { ...(group && { group }), ...(state && { state }) }),
      ),
    );
  subcommand(fleet, 'show', 'show a terminal and the receipts of its keys').argument('<serial>').action(show);
  subcommand(fleet, 'kek', 'say which key custodians enter into a terminal')
    .argument('<serial>')
    .argument('<key>', 'ARN or alias')
    .action(assignKek);
  subcommand(fleet, 'bootstrap', 'give terminals their KEKs by TR-34')
    .requiredOption('--authority <key>', "ARN or alias of the authority of the terminals' certificates")
    .requiredOption('--directory <directory>', 'software terminals: each directory in it is one')
    .option('--model <profile>', 'their slots: generic-ped, qpos, uic-pp791, idtech-l100', 'generic-ped')
    .option('--policy <policy>', 'what they let pass', 'strict')
    .option('--kek-slot <slot>', "the slot of the KEK (default: the model's first)")
    .action(bootstrap);
  listing(fleet, 'incidents', 'show what should not have happened').action(
    list(({ listIncidents }, client, { format }) => listIncidents(client, format)),
  );
  subcommand(fleet, 'release', 'end the quarantine of a terminal').argument('<serial>').action(release);
  subcommand(fleet, 'decommission', 'take a terminal out of service for good')
    .argument('<serial>')
    .requiredOption('--reason <text>', 'why')
    .option('--directory <directory>', 'the software terminal, to erase its keys')
    .action(decommission);
}

function terminalCount(text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 999999.');
}

function registerSimulation(fleet: Command): void {
  subcommand(fleet, 'simulate', 'make simulated terminals')
    .argument('<group>')
    .requiredOption('--count <number>', 'how many', terminalCount)
    .requiredOption('--rack <file>', 'the file that they go into')
    .requiredOption('--csv <file>', 'the file to import them from')
    .option('--prefix <text>', 'of their serial numbers', 'SIM-')
    .option('--model <profile>', 'their slots: generic-ped, qpos, uic-pp791, idtech-l100', 'generic-ped')
    .option('--kek-slot <slot>', "the slot of the KEK (default: the model's first)")
    .action(simulate);
}

function registerRuns(fleet: Command): void {
  const run = fleet.command('run').description('give terminals their keys');
  const starting = (command: Command) =>
    command
      .argument('<group>')
      .option('--serial <serials...>', 'these terminals of the group alone')
      .option('--key-version <digits>', 'of the key blocks (default: one more than before)', keyVersion)
      .option('--rate <number>', 'terminals a second, for all agents together', rate)
      .action(startRun);
  starting(listing(run, 'start', 'start a run for the terminals of a group'));
  listing(run, 'status', 'show how far a run is')
    .argument('<run>')
    .option('--watch', 'go on until nothing is left to do')
    .action(status);
  listing(run, 'list', 'show the runs').action(
    list(({ listRuns }, client, { format }) => listRuns(client, format)),
  );
  for (const verb of ['stop', 'resume'] as const) {
    listing(run, verb, `${verb} a run`).argument('<run>').action(change(verb));
  }
  listing(run, 'report', 'write the receipts of a run')
    .argument('<run>')
    .option('--state <state>', 'WAITING, ALLOCATED, EXPORTED, DONE, REFUSED or CANCELLED')
    .action(report);
  starting(listing(fleet, 'rotate', 'give the terminals of a group new keys'));
}

export function register(program: Command): void {
  const fleet = program.command('fleet').description('keys for many terminals').addHelpText('after', HELP);
  registerInventory(fleet);
  registerSimulation(fleet);
  registerRuns(fleet);
}
