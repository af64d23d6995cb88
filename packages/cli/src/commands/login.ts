import type { Command } from 'commander';
import type { ServiceOptions } from '../ceremony/service-client.ts';
import { connect, ownCommand } from '../people/service-option.ts';

const LOGIN_HELP = `
Asks for your password and the one-time password that your authenticator app shows; both are masked. Where no terminal
is, they are read from standard input, a line each. The session is kept in a file for you alone: KEYWRIGHT_SESSION_FILE, or
keywright/sessions.json in your state directory. It ends by itself, or with keywright logout.`;

async function login(name: string, options: ServiceOptions): Promise<void> {
  const [client, { openQuestions }, { describeSignedIn, signIn }] = await Promise.all([
    connect(options),
    import('../people/questions.ts'),
    import('../people/sign-in.ts'),
  ]);
  console.log(describeSignedIn(await signIn(name, client, await openQuestions())));
}

async function logout(options: ServiceOptions): Promise<void> {
  const client = await connect(options);
  if (client.person === undefined) {
    console.log(`nobody is signed in at ${client.endpoint}`);
    return;
  }
  const { dropSession } = await import('../people/session-file.ts');
  const { OwnRefusal } = await import('../people/own-client.ts');
  try {
    await client.send('DELETE', '/sessions/current', {});
  } catch (error) {
    // A session that has ended by itself is as good as one that is ended now.
    if (!(error instanceof OwnRefusal && error.code === 'SessionExpiredException')) throw error;
  }
  dropSession(client.endpoint);
  console.log(`${client.person} is signed out`);
}

async function whoami(options: ServiceOptions): Promise<void> {
  const client = await connect(options);
  const me = await client.send<{ kind: string; arn: string; roles: string[] }>('GET', '/whoami');
  console.log(`${me.arn} (${[me.kind, ...me.roles].join(', ')})`);
}

export function register(program: Command): void {
  ownCommand(program, 'login', 'sign in at the service', 'keywright login alice')
    .argument('<name>', 'your name there')
    .addHelpText('after', LOGIN_HELP)
    .action(login);
  ownCommand(program, 'logout', 'end the session', 'keywright logout').action(logout);
  ownCommand(program, 'whoami', 'show who asks', 'keywright whoami').action(whoami);
}
