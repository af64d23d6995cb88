import type { Command } from 'commander';
import { registerProfiles } from './fleet/profiles.ts';
import { registerRuns } from './fleet/runs.ts';
import { registerSimulation } from './fleet/simulation.ts';
import { registerTerminals } from './fleet/terminals.ts';

const HELP = `
A group's terminals get the initial keys of its profile. Terminals come from a CSV file; a run gives each its keys, through agents
that stand beside them (keywright inject); its report is the receipts. The service is the one on this machine, or that of
AWS_ENDPOINT_URL; credentials are found as the AWS CLI finds them, or else in aws-credentials in the data directory.`;

export function register(program: Command): void {
  const fleet = program.command('fleet').description('keys for many terminals').addHelpText('after', HELP);
  registerProfiles(fleet);
  registerTerminals(fleet);
  registerSimulation(fleet);
  registerRuns(fleet);
}
