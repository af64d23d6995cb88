import type { Command } from 'commander';
import type { ServiceOptions } from '../ceremony/service-client.ts';
import type { ApprovalRequest } from '../people/description.ts';
import { connect, ownCommand, WHO_ASKS } from '../people/service-option.ts';

const HELP = `
What nobody may do alone is refused with the id of a request. Somebody else looks at it, approves or denies; then whoever
asked repeats the very same call. An approval is good for that one input, once, and for some hours.
${WHO_ASKS}`;

interface Decided {
  readonly request: ApprovalRequest;
  readonly enrolmentCode?: string;
}

async function list({ all, ...options }: ServiceOptions & { all?: boolean }): Promise<void> {
  const { summarizeRequest } = await import('../people/description.ts');
  const client = await connect(options);
  const query = all ? '' : '?status=PENDING';
  const { requests } = await client.send<{ requests: ApprovalRequest[] }>('GET', `/requests${query}`);
  for (const request of requests) console.log(summarizeRequest(request));
}

async function show(id: string, options: ServiceOptions): Promise<void> {
  const { describeRequest } = await import('../people/description.ts');
  console.log(
    describeRequest(await (await connect(options)).send('GET', `/requests/${encodeURIComponent(id)}`)),
  );
}

/** At a terminal the request is shown, and has to be confirmed. */
async function confirmed(request: ApprovalRequest, verb: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return true;
  const [{ describeRequest }, { terminalPrompts }] = await Promise.all([
    import('../people/description.ts'),
    import('../ceremony/terminal-prompts.ts'),
  ]);
  console.log(describeRequest(request));
  return terminalPrompts.confirm(`Do you ${verb} it?`);
}

function decision(verb: 'approve' | 'deny') {
  return async (id: string, options: ServiceOptions): Promise<void> => {
    const { summarizeRequest } = await import('../people/description.ts');
    const client = await connect(options);
    const place = `/requests/${encodeURIComponent(id)}`;
    if (!(await confirmed(await client.send('GET', place), verb))) return;
    const { request, enrolmentCode } = await client.send<Decided>('POST', `${place}/${verb}`, {});
    console.log(summarizeRequest(request));
    if (enrolmentCode === undefined) return;
    console.log(
      `Tell this code to the person who enrols, and to nobody else; it is shown this once:\n${enrolmentCode}`,
    );
  };
}

export function register(program: Command): void {
  const request = program.command('request').description('requests for what nobody may do alone');
  request.addHelpText('after', HELP);
  const command = (name: string, description: string, example: string) =>
    ownCommand(request, name, description, `keywright request ${example}`);
  command('list', 'show what waits for a decision', 'list').option('--all', 'decided ones too').action(list);
  command('show', 'show exactly what will happen', 'show req-…').argument('<id>').action(show);
  command('approve', 'approve what somebody else asks for', 'approve req-…')
    .argument('<id>')
    .action(decision('approve'));
  command('deny', 'deny it, which ends it', 'deny req-…').argument('<id>').action(decision('deny'));
}
