import { type Command, Option } from 'commander';
import type { FleetClient } from '../../fleet/fleet-client.ts';
import type { Format } from '../../fleet/tables.ts';

/** What every subcommand of `fleet` takes. */
export interface Common {
  endpointUrl?: string;
  region?: string;
}

/** What those take that write a list. */
export type Listing = Common & { format: Format };

/** A subcommand that talks to the service. @param help its examples, and what else there is to say */
export function subcommand(parent: Command, name: string, description: string, help: string): Command {
  return parent
    .command(name)
    .description(description)
    .option('--endpoint-url <url>', 'where the service is')
    .option('--region <region>', 'region of the keys (default: AWS_REGION, or us-east-1)')
    .addHelpText('after', help);
}

/** A subcommand that writes a list. */
export function listing(parent: Command, name: string, description: string, help: string): Command {
  const format = new Option('--format <format>', 'how to write it').choices(['table', 'csv', 'json']);
  return subcommand(parent, name, description, help).addOption(format.default('table'));
}

export const KEK_SLOT = new Option('--kek-slot <slot>', "the slot of the KEK (default: the model's first)");
/** Of terminals that are already there, or simulated. */
export const THEIR_MODEL = new Option(
  '--model <profile>',
  'their slots: generic-ped, qpos, uic-pp791, idtech-l100',
).default('generic-ped');

export async function connect(options: Common): Promise<FleetClient> {
  const { connectToFleet } = await import('../../fleet/fleet-client.ts');
  return connectToFleet(options);
}

type Lists = typeof import('../../fleet/lists.ts');

/** A list that a command writes. */
export function list<Options extends Listing>(
  write: (lists: Lists, fleet: FleetClient, options: Options) => Promise<void>,
) {
  return async (options: Options): Promise<void> =>
    write(await import('../../fleet/lists.ts'), await connect(options), options);
}
