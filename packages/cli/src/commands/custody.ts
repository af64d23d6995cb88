import type { Command } from 'commander';
import type { ServiceOptions } from '../ceremony/service-client.ts';
import type { DualControlPolicy } from '../people/description.ts';
import { connect, ownCommand, WHO_ASKS } from '../people/service-option.ts';

const HELP = `
What keywright serve makes is a development service: dual control is off, and the access key in the file aws-credentials
may do everything. keywright custody enable makes it one where nobody moves a KEK, deletes a key, or makes people and
policies alone.
${WHO_ASKS}`;

interface Put {
  readonly policy: DualControlPolicy;
  readonly warnings: readonly string[];
}

async function report({ policy, warnings }: Put): Promise<void> {
  const { describePolicy } = await import('../people/description.ts');
  console.log(describePolicy(policy));
  for (const warning of warnings) console.log(`Mind: ${warning}`);
}

async function status(options: ServiceOptions): Promise<void> {
  const { describePolicy } = await import('../people/description.ts');
  console.log(describePolicy(await (await connect(options)).send('GET', '/dual-control')));
}

async function enable({ operator, ...options }: ServiceOptions & { operator?: string }): Promise<void> {
  const [{ enableCustody }, { openQuestions }] = await Promise.all([
    import('../people/enable-custody.ts'),
    import('../people/questions.ts'),
  ]);
  const choices = operator === undefined ? {} : { operator };
  const put = await enableCustody(await connect(options), openQuestions, choices);
  if (put) await report(put);
}

async function disable(options: ServiceOptions): Promise<void> {
  const { describePolicy } = await import('../people/description.ts');
  console.log(describePolicy(await (await connect(options)).send('POST', '/dual-control/disable', {})));
}

async function policy({ file, ...options }: ServiceOptions & { file?: string }): Promise<void> {
  const client = await connect(options);
  if (file === undefined) {
    console.log(JSON.stringify(await client.send('GET', '/dual-control'), undefined, 2));
    return;
  }
  const { readFileSync } = await import('node:fs');
  const { version: _v, enabled: _e, ...choices } = JSON.parse(readFileSync(file, 'utf8'));
  await report(await client.send<Put>('PUT', '/dual-control', choices));
}

export function register(program: Command): void {
  const custody = program.command('custody').description('dual control: what takes more than one person');
  custody.addHelpText('after', HELP);
  const command = (name: string, description: string, example: string) =>
    ownCommand(custody, name, description, `keywright custody ${example}`);
  command('status', 'show whether it is on, and what it asks for', 'status').action(status);
  command('enable', 'switch it on, and make the first two administrators', 'enable')
    .option('--operator <limit>', 'what the file aws-credentials may still do: no-dual-control, or nothing')
    .action(enable);
  command('disable', 'switch it off, which a second administrator has to approve', 'disable').action(disable);
  command('policy', 'show the policy as JSON, or put another in its place', 'policy --file policy.json')
    .option('--file <file>', 'the new policy')
    .action(policy);
}
