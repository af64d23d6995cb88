import { Failure } from '../failure.ts';
import type { DualControlPolicy, Person } from './description.ts';
import { enrolWithCode } from './enrol.ts';
import type { OwnClient } from './own-client.ts';
import { notEmpty, type Questions } from './questions.ts';

interface Put {
  readonly policy: DualControlPolicy;
  readonly warnings: readonly string[];
}

const ADMINISTRATORS = 2;

/** Each administrator sits down, chooses a name and a password, and enters the secret into an authenticator app. */
async function makeAdministrator(number: number, client: OwnClient, questions: Questions): Promise<void> {
  questions.say(`Administrator ${number} of ${ADMINISTRATORS}: sit down alone, please.`);
  const name = await questions.ask('Your name, in lower-case letters', notEmpty);
  const invited = await client.send<{ enrolmentCode: string }>('POST', '/people', {
    name,
    roles: ['administrator'],
  });
  await enrolWithCode(name, [invited.enrolmentCode], client, questions);
  questions.say(`${name} is an administrator. Hand the keyboard on.`);
}

function administratorsOf(people: readonly Person[]): Person[] {
  return people.filter(({ roles, status }) => roles.includes('administrator') && status === 'active');
}

/** Who was made while one alone could do it is worth a look before it takes two. */
async function listPeople(client: OwnClient): Promise<Person[]> {
  return (await client.send<{ people: Person[] }>('GET', '/people')).people;
}

/**
 * Switches dual control on, as the holder of the file aws-credentials; makes administrators first until there are two.
 *
 * @returns undefined when it was not confirmed
 */
export async function enableCustody(
  client: OwnClient,
  openQuestions: () => Promise<Questions>,
  choices: object,
): Promise<Put | undefined> {
  const { enabled } = await client.send<DualControlPolicy>('GET', '/dual-control');
  if (enabled) throw new Failure('dual control is on already');
  const questions = await openQuestions();
  const present = administratorsOf(await listPeople(client)).length;
  for (let number = present + 1; number <= ADMINISTRATORS; number += 1) {
    await makeAdministrator(number, client, questions);
  }
  const people = await listPeople(client);
  questions.say(
    `People from now on: ${people.map(({ name, roles }) => `${name} (${roles.join(', ')})`).join('; ')}`,
  );
  const question =
    'Switch dual control on? From then on it takes two administrators to switch it off, and aws-credentials has no part in what needs approval';
  if (!(await questions.confirm(question))) return undefined;
  return client.send<Put>('POST', '/dual-control/enable', choices);
}
