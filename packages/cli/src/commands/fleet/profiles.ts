import type { Command } from 'commander';
import { type Common, connect, KEK_SLOT, list, listing, subcommand } from './subcommand.ts';

const EXAMPLES = {
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
} as const;

interface ProfileOptions extends Common {
  model: string;
  policy: string;
  kekSlot?: string;
  key: string[];
}

async function addProfile(name: string, options: ProfileOptions): Promise<void> {
  const { checkDevice, defaultKekSlot, readKey } = await import('../../fleet/profile-options.ts');
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

/** Which keys terminals get: key profiles, and the groups that have them. */
export function registerProfiles(fleet: Command): void {
  const profile = fleet.command('profile').description('which keys terminals get, and where');
  subcommand(profile, 'add', 'make a key profile', EXAMPLES['profile add'])
    .argument('<name>')
    .requiredOption(
      '--model <profile>',
      'the slots of the terminal: generic-ped, qpos, uic-pp791, idtech-l100',
    )
    .option('--policy <policy>', 'what the terminal lets pass', 'strict')
    .addOption(KEK_SLOT)
    .requiredOption('--key <key...>', 'PURPOSE=SLOT,BDK,KEYSET[,FIRST-LAST]')
    .action(addProfile);
  listing(profile, 'list', 'show the key profiles', EXAMPLES['profile list']).action(
    list(({ listProfiles }, client, { format }) => listProfiles(client, format)),
  );
  const group = fleet.command('group').description('terminals that get the same keys');
  subcommand(group, 'add', 'make a group', EXAMPLES['group add'])
    .argument('<name>')
    .requiredOption('--profile <name>', 'the keys that its terminals get')
    .action(addGroup);
  listing(group, 'list', 'show the groups', EXAMPLES['group list']).action(
    list(({ listGroups }, client, { format }) => listGroups(client, format)),
  );
}
