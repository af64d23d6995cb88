import type { Command } from 'commander';
import {
  type Common,
  connect,
  KEK_SLOT,
  type Listing,
  list,
  listing,
  subcommand,
  THEIR_MODEL,
} from './subcommand.ts';

const EXAMPLES = {
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
} as const;

async function importFile(file: string, options: Common): Promise<void> {
  const { importTerminals } = await import('../../fleet/import-terminals.ts');
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
    import('../../fleet/bootstrap-directory.ts'),
    import('../../fleet/profile-options.ts'),
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
  const { decommissionTerminal } = await import('../../fleet/decommission.ts');
  await decommissionTerminal(await connect(options), serial, options);
}

/** The terminals, from their registration to their end. */
export function registerTerminals(fleet: Command): void {
  subcommand(fleet, 'import', 'register the terminals of a CSV file', EXAMPLES.import)
    .argument('<file>')
    .action(importFile);
  listing(fleet, 'list', 'show the terminals', EXAMPLES.list)
    .option('--group <name>', 'of one group')
    .option('--state <state>', 'REGISTERED, BOOTSTRAPPED, LOADED, QUARANTINED or DECOMMISSIONED')
    .action(
      list<Listing & { group?: string; state?: string }>(
        ({ listTerminals }, client, { format, group, state }) =>
          listTerminals(client, format, { ...(group && { group }), ...(state && { state }) }),
      ),
    );
  subcommand(fleet, 'show', 'show a terminal and the receipts of its keys', EXAMPLES.show)
    .argument('<serial>')
    .action(show);
  subcommand(fleet, 'kek', 'say which key custodians enter into a terminal', EXAMPLES.kek)
    .argument('<serial>')
    .argument('<key>', 'ARN or alias')
    .action(assignKek);
  subcommand(fleet, 'bootstrap', 'give terminals their KEKs by TR-34', EXAMPLES.bootstrap)
    .requiredOption('--authority <key>', "ARN or alias of the authority of the terminals' certificates")
    .requiredOption('--directory <directory>', 'software terminals: each directory in it is one')
    .addOption(THEIR_MODEL)
    .option('--policy <policy>', 'what they let pass', 'strict')
    .addOption(KEK_SLOT)
    .action(bootstrap);
  listing(fleet, 'incidents', 'show what should not have happened', EXAMPLES.incidents).action(
    list(({ listIncidents }, client, { format }) => listIncidents(client, format)),
  );
  subcommand(fleet, 'release', 'end the quarantine of a terminal', EXAMPLES.release)
    .argument('<serial>')
    .action(release);
  subcommand(fleet, 'decommission', 'take a terminal out of service for good', EXAMPLES.decommission)
    .argument('<serial>')
    .requiredOption('--reason <text>', 'why')
    .option('--directory <directory>', 'the software terminal, to erase its keys')
    .action(decommission);
}
