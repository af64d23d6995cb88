import type { Command } from 'commander';

const HELP = `
The service wipes its main key and refuses every operation until its custodians unseal it. It takes the administrator's
access key. Only a service whose main key is in shares can be sealed.

Example:
  $ keywright seal`;

export function register(program: Command): void {
  program
    .command('seal')
    .description('close the service until its custodians unseal it')
    .option('--endpoint-url <url>', 'where the service is')
    .option('--region <region>', 'region that requests are signed for (default: AWS_REGION, or us-east-1)')
    .addHelpText('after', HELP)
    .action(async (options: { endpointUrl?: string; region?: string }) => {
      const { connectToCustody } = await import('../main-key/custody-client.ts');
      const { threshold, shares } = await connectToCustody(options).seal();
      console.log(`the service is sealed; ${threshold} of its ${shares} shares open it again`);
    });
}
