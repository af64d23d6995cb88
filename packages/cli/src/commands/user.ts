import type { Command } from 'commander';
import type { ServiceOptions } from '../ceremony/service-client.ts';
import type { Person } from '../people/description.ts';
import { connect, ownCommand, WHO_ASKS } from '../people/service-option.ts';

const HELP = `
People have a name, roles, a password and an authenticator app. Their roles: administrator, key-manager, custodian,
approver, auditor. Administrators make them; once dual control is on, another administrator has to approve, and whoever
was made enrols with two codes, one from each of them.
${WHO_ASKS}`;

type Roles = ServiceOptions & { readonly role: string[] };

interface Invited {
  readonly name: string;
  readonly enrolmentCode: string;
  readonly expiresAt: string;
}

const path = (name: string) => `/people/${encodeURIComponent(name)}`;

function describeInvited({ name, enrolmentCode, expiresAt }: Invited): string {
  return `${name} can enrol until ${expiresAt} (keywright user enrol ${name}), with this code, which is shown this once:\n${enrolmentCode}`;
}

async function create(name: string, { role: roles, ...options }: Roles): Promise<void> {
  console.log(describeInvited(await (await connect(options)).send('POST', '/people', { name, roles })));
}

async function reset(name: string, options: ServiceOptions): Promise<void> {
  console.log(describeInvited(await (await connect(options)).send('POST', `${path(name)}/reset`, {})));
}

async function list(options: ServiceOptions): Promise<void> {
  const { describePerson } = await import('../people/description.ts');
  const { people } = await (await connect(options)).send<{ people: Person[] }>('GET', '/people');
  for (const person of people) console.log(describePerson(person));
}

async function changeRoles(name: string, { role: roles, ...options }: Roles): Promise<void> {
  const { describePerson } = await import('../people/description.ts');
  console.log(describePerson(await (await connect(options)).send('PUT', `${path(name)}/roles`, { roles })));
}

async function disable(name: string, options: ServiceOptions): Promise<void> {
  const { describePerson } = await import('../people/description.ts');
  console.log(describePerson(await (await connect(options)).send('POST', `${path(name)}/disable`, {})));
}

async function enrolPerson(name: string, options: ServiceOptions): Promise<void> {
  const [{ enrol }, { openQuestions }, { describeSignedIn }] = await Promise.all([
    import('../people/enrol.ts'),
    import('../people/questions.ts'),
    import('../people/sign-in.ts'),
  ]);
  const questions = await openQuestions();
  console.log(describeSignedIn(await enrol(name, await connect(options), questions)));
}

async function changePassword(options: ServiceOptions): Promise<void> {
  const [{ askNewPassword }, { notEmpty, openQuestions, sixDigits }] = await Promise.all([
    import('../people/enrol.ts'),
    import('../people/questions.ts'),
  ]);
  const questions = await openQuestions();
  const password = await questions.askSecret('Present password', notEmpty);
  const code = await questions.askSecret('One-time password', sixDigits);
  const newPassword = await askNewPassword(questions);
  const client = await connect(options);
  await client.send('PUT', '/password', { password, code, newPassword });
  (await import('../people/session-file.ts')).dropSession(client.endpoint);
  console.log('The password is changed, and every session has ended: sign in again (keywright login)');
}

export function register(program: Command): void {
  const user = program.command('user').description('people: their roles, passwords and authenticators');
  user.addHelpText('after', HELP);
  const command = (name: string, description: string, example: string) =>
    ownCommand(user, name, description, `keywright user ${example}`);
  const ROLES = 'administrator, key-manager, custodian, approver, auditor';
  command('create', 'invite somebody', 'create alice --role custodian approver')
    .argument('<name>', 'lower-case letters, digits, dots, underscores and dashes')
    .requiredOption('--role <roles...>', ROLES)
    .action(create);
  command('list', 'show everybody', 'list').action(list);
  command('roles', "change somebody's roles", 'roles alice --role auditor')
    .argument('<name>')
    .requiredOption('--role <roles...>', ROLES)
    .action(changeRoles);
  command('reset', 'invite somebody anew, who lost password or authenticator', 'reset alice')
    .argument('<name>')
    .action(reset);
  command('disable', 'shut somebody out', 'disable alice').argument('<name>').action(disable);
  command('enrol', 'accept an invitation: set your password and authenticator', 'enrol alice')
    .argument('<name>', 'your name')
    .action(enrolPerson);
  command('password', 'change your password', 'password').action(changePassword);
}
