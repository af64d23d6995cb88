import { type Command, InvalidArgumentError } from 'commander';
import { type Common, KEK_SLOT, subcommand, THEIR_MODEL } from './subcommand.ts';

const EXAMPLES = {
  simulate: `
To try a fleet, or to measure one. Each simulated terminal gets a KEK of its own, in two components, and the service the same.

Example:
  $ keywright fleet simulate shops --count 20 --rack simulated.rack --csv simulated.csv`,
} as const;

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
    import('../../ceremony/service-client.ts'),
    import('../../fleet/simulate.ts'),
    import('../../fleet/profile-options.ts'),
  ]);
  const { kekSlot = defaultKekSlot(options.model) } = options;
  await simulateTerminals(connectToKeys(options), { ...options, kekSlot, group });
  console.log(`${options.count} simulated terminals are in ${options.rack}; import ${options.csv}`);
}

function terminalCount(text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 999999.');
}

/** Terminals to try a fleet with. */
export function registerSimulation(fleet: Command): void {
  subcommand(fleet, 'simulate', 'make simulated terminals', EXAMPLES.simulate)
    .argument('<group>')
    .requiredOption('--count <number>', 'how many', terminalCount)
    .requiredOption('--rack <file>', 'the file that they go into')
    .requiredOption('--csv <file>', 'the file to import them from')
    .option('--prefix <text>', 'of their serial numbers', 'SIM-')
    .addOption(THEIR_MODEL)
    .addOption(KEK_SLOT)
    .action(simulate);
}
