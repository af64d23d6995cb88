import { type Command, InvalidArgumentError } from 'commander';

const HELP = `
With a team associated (aws payment-cryptography associate-mpa-team), the import of a root certificate waits until
as many of the team's members as its threshold have approved. The administrator adds members and makes teams; each
member has an access key of his own, which approves and denies, and does nothing else.

The service is the one on this machine, or that of AWS_ENDPOINT_URL. Credentials are found as the AWS CLI finds
them, or else in aws-credentials in the data directory. A team is of one region: AWS_REGION, or us-east-1.`;

const EXAMPLES: Record<string, string> = {
  'member add': `
The member's access key goes into a new file, of mode 0600; nobody can read it anywhere else.

Example:
  $ keywright approval member add alice --credentials alice.credentials`,
  'team create': `
A team is never changed afterwards.

Example:
  $ keywright approval team create roots --member alice bob carol --threshold 2`,
  'team list': `
Example:
  $ keywright approval team list`,
  list: `
Example:
  $ AWS_SHARED_CREDENTIALS_FILE=alice.credentials keywright approval list`,
  approve: `
Look at the certificate's SHA-256 fingerprint before: compare it with the one that its owner states.

Example:
  $ AWS_SHARED_CREDENTIALS_FILE=alice.credentials keywright approval approve arn:aws:mpa:…:session/roots/…`,
  deny: `
Example:
  $ AWS_SHARED_CREDENTIALS_FILE=alice.credentials keywright approval deny arn:aws:mpa:…:session/roots/…`,
};

interface Options {
  endpointUrl?: string;
  region?: string;
}

function subcommand(parent: Command, name: string, description: string): Command {
  const path = parent.name() === 'approval' ? name : `${parent.name()} ${name}`;
  return parent
    .command(name)
    .description(description)
    .option('--endpoint-url <url>', 'where the service is')
    .option('--region <region>', 'region of the team (default: AWS_REGION, or us-east-1)')
    .addHelpText('after', EXAMPLES[path]!);
}

function wholeNumber(text: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

async function connect(options: Options) {
  const { connectToApprovals } = await import('../approval/approvals-client.ts');
  return connectToApprovals(options);
}

async function addMember(name: string, options: Options & { credentials: string }): Promise<void> {
  const { keepAccessKey } = await import('../approval/credentials-file.ts');
  const approvals = await connect(options);
  const { accessKeyId } = await keepAccessKey(options.credentials, () => approvals.addMember(name));
  console.log(`${name} has the access key ${accessKeyId}, in ${options.credentials}`);
}

async function createTeam(
  name: string,
  options: Options & { member: string[]; threshold: number },
): Promise<void> {
  const { describeTeam } = await import('../approval/description.ts');
  const { member: members, threshold } = options;
  console.log(describeTeam(await (await connect(options)).createTeam({ name, members, threshold })));
}

async function listTeams(options: Options): Promise<void> {
  const { describeTeam } = await import('../approval/description.ts');
  const { teams } = await (await connect(options)).listTeams();
  for (const team of teams) console.log(describeTeam(team));
}

async function listSessions(options: Options): Promise<void> {
  const { describeSession } = await import('../approval/description.ts');
  const { sessions } = await (await connect(options)).listSessions();
  for (const session of sessions) console.log(describeSession(session));
}

function decision(decided: 'approve' | 'deny') {
  return async (session: string, options: Options): Promise<void> => {
    const { describeSession } = await import('../approval/description.ts');
    console.log(describeSession(await (await connect(options)).decide(session, decided)));
  };
}

export function register(program: Command): void {
  const approval = program
    .command('approval')
    .description('let several people approve what one alone must not do')
    .addHelpText('after', HELP);
  const member = approval.command('member').description('people who may approve');
  subcommand(member, 'add', 'make a member an access key')
    .argument('<name>', 'letters, digits, dots, underscores and dashes')
    .requiredOption('--credentials <file>', 'where the access key goes')
    .action(addMember);
  const team = approval.command('team').description('teams of members');
  subcommand(team, 'create', 'make a team')
    .argument('<name>', 'letters, digits, dots, underscores and dashes')
    .requiredOption('--member <names...>', 'its members')
    .requiredOption('--threshold <number>', 'how many of them must approve', wholeNumber)
    .action(createTeam);
  subcommand(team, 'list', 'show the teams').action(listTeams);
  subcommand(approval, 'list', 'show the requests that wait for a decision').action(listSessions);
  for (const name of ['approve', 'deny'] as const) {
    subcommand(approval, name, `${name} a request`)
      .argument('<session>', "the session's ARN, or the last part of it")
      .action(decision(name));
  }
}
