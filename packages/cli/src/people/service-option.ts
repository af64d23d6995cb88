import type { Command } from 'commander';
import type { ServiceOptions } from '../ceremony/service-client.ts';

/** A subcommand that speaks with the service's own interface. */
export function ownCommand(parent: Command, name: string, description: string, example: string): Command {
  return parent
    .command(name)
    .description(description)
    .option('--endpoint-url <url>', 'where the service is')
    .option('--region <region>', 'region of keys (default: AWS_REGION, or us-east-1)')
    .addHelpText('after', `\nExample:\n  $ ${example}`);
}

/** What help says of every such command. */
export const WHO_ASKS = `
The service is the one on this machine, or that of AWS_ENDPOINT_URL. Who asks is who signed in there (keywright login);
where nobody did, credentials are found as the AWS CLI finds them, or else in aws-credentials in the data directory.`;

export async function connect(options: ServiceOptions) {
  const { connectToOwn } = await import('./own-client.ts');
  return connectToOwn(options);
}
