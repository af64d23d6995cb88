import type { Command } from 'commander';
import type { ServiceOptions } from '../ceremony/service-client.ts';
import type { AccessKey } from '../people/description.ts';
import { connect, ownCommand, WHO_ASKS } from '../people/service-option.ts';

const HELP = `
An access key signs requests as AWS clients do, for a machine or for yourself. It may do what its policy allows: a file
of JSON as AWS's IAM has it, with Version and Statement (Effect, Action, Resource, Condition). Whoever makes an access key
is told its secret and owns it, and can never approve what is asked for with it.
${WHO_ASKS}`;

interface Made {
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

type Creation = ServiceOptions & { readonly policy: string; readonly credentials: string };

async function readPolicy(file: string): Promise<string> {
  return (await import('node:fs')).readFileSync(file, 'utf8');
}

async function create(user: string, { policy: file, credentials, ...options }: Creation): Promise<void> {
  const { keepAccessKey } = await import('../approval/credentials-file.ts');
  const client = await connect(options);
  const policy = await readPolicy(file);
  const made = await keepAccessKey(credentials, () =>
    client.send<Made>('POST', '/access-keys', { user, policy }),
  );
  console.log(`${user} has the access key ${made.accessKeyId}, in ${credentials}`);
}

async function list(options: ServiceOptions): Promise<void> {
  const { describeAccessKey } = await import('../people/description.ts');
  const client = await connect(options);
  const { accessKeys } = await client.send<{ accessKeys: AccessKey[] }>('GET', '/access-keys');
  for (const key of accessKeys) console.log(describeAccessKey(key));
}

async function policy(id: string, { file, ...options }: ServiceOptions & { file?: string }): Promise<void> {
  const client = await connect(options);
  if (file !== undefined) {
    await client.send('PUT', `/access-keys/${encodeURIComponent(id)}/policy`, {
      policy: await readPolicy(file),
    });
    console.log(`${id} has the policy of ${file}, from now on`);
    return;
  }
  const { accessKeys } = await client.send<{ accessKeys: AccessKey[] }>('GET', '/access-keys');
  const found = accessKeys.find(({ accessKeyId }) => accessKeyId === id);
  const { Failure } = await import('../failure.ts');
  if (found === undefined) throw new Failure(`there is no access key ${id} with a policy`);
  console.log(found.policy);
}

async function deactivate(id: string, options: ServiceOptions): Promise<void> {
  const { describeAccessKey } = await import('../people/description.ts');
  const client = await connect(options);
  const key = await client.send<AccessKey>('POST', `/access-keys/${encodeURIComponent(id)}/deactivate`, {});
  console.log(describeAccessKey(key));
}

export function register(program: Command): void {
  const accessKey = program
    .command('access-key')
    .description('access keys of machines, and what they may do');
  accessKey.addHelpText('after', HELP);
  const command = (name: string, description: string, example: string) =>
    ownCommand(accessKey, name, description, `keywright access-key ${example}`);
  command('create', 'make one', 'create switch --policy switch.json --credentials switch.credentials')
    .argument('<user>', "the machine's name, or your own")
    .requiredOption('--policy <file>', 'what it may do')
    .requiredOption(
      '--credentials <file>',
      'where it goes: a new file of mode 0600; nobody can read it elsewhere',
    )
    .action(create);
  command('list', 'show them all', 'list').action(list);
  command('policy', 'show a policy, or put another in its place', 'policy AKIA… --file switch.json')
    .argument('<id>', 'the access key id')
    .option('--file <file>', 'the new policy')
    .action(policy);
  command('deactivate', 'switch one off, for good', 'deactivate AKIA…')
    .argument('<id>', 'the access key id')
    .action(deactivate);
}
