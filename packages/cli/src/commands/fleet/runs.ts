import { type Command, InvalidArgumentError } from 'commander';
import type { Run } from '../../fleet/fleet-api.ts';
import { connect, type Listing, list, listing } from './subcommand.ts';

const EXAMPLES = {
  'run start': `
Examples:
  $ keywright fleet run start shops
  $ keywright fleet run start shops --serial T-0001 T-0002 --rate 5`,
  'run status': `
Example:
  $ keywright fleet run status 6tq3yjm2ukrqo4dd --watch`,
  'run list': `
Example:
  $ keywright fleet run list`,
  'run stop': `
Example:
  $ keywright fleet run stop 6tq3yjm2ukrqo4dd`,
  'run resume': `
Keys that a terminal refused, or whose terminal was in quarantine and is not any more, are tried again.

Example:
  $ keywright fleet run resume 6tq3yjm2ukrqo4dd`,
  'run report': `
Who loaded which key into which terminal and slot, when, with which KSN and check value, and the hash of its key block.

Examples:
  $ keywright fleet run report 6tq3yjm2ukrqo4dd --format csv > receipts.csv
  $ keywright fleet run report 6tq3yjm2ukrqo4dd --state REFUSED`,
  rotate: `
Starts a run whose key version is one higher; terminals take no older key after it. The group's open run must be stopped first.

Example:
  $ keywright fleet rotate shops`,
} as const;

function keyVersion(text: string): string {
  if (/^\d\d$/.test(text) && text !== '00') return text;
  throw new InvalidArgumentError('It must be two digits, 01 to 99.');
}

function rate(text: string): number {
  if (/^\d{1,4}(\.\d+)?$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('It must be a number of terminals a second.');
}

async function startRun(
  group: string,
  options: Listing & { serial?: string[]; keyVersion?: string; rate?: number },
): Promise<void> {
  const fleet = await connect(options);
  const { serial: serials, keyVersion: version, rate: perSecond } = options;
  const run = await fleet.send<Run>('POST', '/runs', {
    group,
    ...(serials && { serials }),
    ...(version && { keyVersion: version }),
    ...(perSecond && { rate: perSecond }),
  });
  const { showRun } = await import('../../fleet/lists.ts');
  await showRun(options.format, run);
}

async function status(runId: string, options: Listing & { watch?: boolean }): Promise<void> {
  const [{ watchRun }, { showRun }] = await Promise.all([
    import('../../fleet/watch-run.ts'),
    import('../../fleet/lists.ts'),
  ]);
  const fleet = await connect(options);
  const run = await (options.watch
    ? watchRun(fleet, runId)
    : fleet.get<Run>(`/runs/${encodeURIComponent(runId)}`));
  await showRun(options.format, run);
}

function change(verb: 'stop' | 'resume') {
  return async (runId: string, options: Listing): Promise<void> => {
    const fleet = await connect(options);
    const run = await fleet.send<Run>('POST', `/runs/${encodeURIComponent(runId)}/${verb}`, {});
    const { showRun } = await import('../../fleet/lists.ts');
    await showRun(options.format, run);
  };
}

async function report(runId: string, options: Listing & { state?: string }): Promise<void> {
  const { writeReport } = await import('../../fleet/lists.ts');
  await writeReport(await connect(options), options.format, runId, options.state);
}

/** Runs, which give terminals their keys. */
export function registerRuns(fleet: Command): void {
  const run = fleet.command('run').description('give terminals their keys');
  const starting = (command: Command) =>
    command
      .argument('<group>')
      .option('--serial <serials...>', 'these terminals of the group alone')
      .option('--key-version <digits>', 'of the key blocks (default: one more than before)', keyVersion)
      .option('--rate <number>', 'terminals a second, for all agents together', rate)
      .action(startRun);
  starting(listing(run, 'start', 'start a run for the terminals of a group', EXAMPLES['run start']));
  listing(run, 'status', 'show how far a run is', EXAMPLES['run status'])
    .argument('<run>')
    .option('--watch', 'go on until nothing is left to do')
    .action(status);
  listing(run, 'list', 'show the runs', EXAMPLES['run list']).action(
    list(({ listRuns }, client, { format }) => listRuns(client, format)),
  );
  for (const verb of ['stop', 'resume'] as const) {
    listing(run, verb, `${verb} a run`, EXAMPLES[`run ${verb}`]).argument('<run>').action(change(verb));
  }
  listing(run, 'report', 'write the receipts of a run', EXAMPLES['run report'])
    .argument('<run>')
    .option('--state <state>', 'WAITING, ALLOCATED, EXPORTED, DONE, REFUSED or CANCELLED')
    .action(report);
  starting(listing(fleet, 'rotate', 'give the terminals of a group new keys', EXAMPLES.rotate));
}
