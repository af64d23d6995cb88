import type { Command } from 'commander';
import type { ServiceOptions } from '../ceremony/service-client.ts';
import { connect, ownCommand, WHO_ASKS } from '../people/service-option.ts';

const HELP = `
Lists what somebody can have who has the key: the keys that went out or came in under it, all the way down, the terminals
whose initial keys are among them, and who else holds each key. The key is disabled, unless --look says only to look.
${WHO_ASKS}`;

async function compromised(
  keyIdentifier: string,
  options: ServiceOptions & { look?: boolean; json?: boolean },
): Promise<void> {
  const { describeCompromise } = await import('../rotation/compromise.ts');
  const client = await connect(options);
  const disable = !options.look;
  const found = await client.send<Parameters<typeof describeCompromise>[0]>('POST', '/compromises', {
    keyIdentifier,
    disable,
  });
  console.log(options.json ? JSON.stringify(found, null, 2) : describeCompromise(found, disable));
}

export function register(program: Command): void {
  ownCommand(
    program,
    'compromised',
    'disable a key, and list what it exposes',
    'keywright compromised alias/partner-kek',
  )
    .argument('<key>', 'ARN or alias')
    .option('--look', 'only look: the key is not disabled')
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action(compromised);
}
