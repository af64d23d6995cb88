import { type Command, InvalidArgumentError } from 'commander';

const HELP = `
The service records every call, allowed or refused, and what it does by itself, in <data directory>/audit. These
commands work on that directory of this machine, or on exports of it; the service may run or not.`;

const VERIFY = `
Without files it verifies the audit of the service on this machine, whole. Exit status 0: nothing was changed, cut
out, inserted or reordered, and nothing was cut off that a checkpoint vouches for. 1: something was; the first
record is named.

Take the public key from the service once (audit/public-key.pem in its data directory), and keep it, and checkpoints
from time to time, where nobody of the service's machine can change them.

Example:
  $ keywright audit verify --public-key pinned.pem --checkpoints kept.ndjson
  $ keywright audit verify january.ndjson --public-key pinned.pem`;

const EXPORT = `
One JSON record a line, of every chain, from the checkpoint before the time to the one after it, so that the export
verifies by itself.

Example:
  $ keywright audit export --from 2026-01-01 --to 2026-02-01 --output january.ndjson`;

const TAIL = `
Example:
  $ keywright audit tail -n 20
  $ keywright audit tail --follow --json`;

const CHECKPOINTS = `
With what is printed here kept elsewhere, nobody can cut off the end of the audit unseen.

Example:
  $ keywright audit checkpoints >> kept.ndjson`;

function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

function subcommand(audit: Command, name: string, description: string, help: string): Command {
  return audit
    .command(name)
    .description(description)
    .option('--data-dir <directory>', 'of the service (default: KEYWRIGHT_DATA_DIR, or .keywright)')
    .addHelpText('after', help);
}

export function register(program: Command): void {
  const audit = program
    .command('audit')
    .description('show and prove what happened')
    .addHelpText('after', HELP);
  subcommand(audit, 'verify', 'prove that no record was changed, cut out, inserted or reordered', VERIFY)
    .argument('[paths...]', 'audit directories, or files that were exported')
    .option('--public-key <files...>', 'PEM: what the checkpoints must be signed with')
    .option('--checkpoints <files...>', 'checkpoints that were kept elsewhere')
    .option('--archived', "the first segments of the directory's chains are elsewhere")
    .action(async (paths, options) => {
      const { verify } = await import('../audit/verify.ts');
      await verify(paths, options);
    });
  subcommand(audit, 'export', 'write the records of a time', EXPORT)
    .requiredOption('--from <time>', 'a day or a time, UTC')
    .requiredOption('--to <time>', 'the first that is no longer of it')
    .option('--output <file>', 'a new file (default: standard output)')
    .action(async (options) => {
      const { exportAudit } = await import('../audit/export.ts');
      await exportAudit(options);
    });
  subcommand(audit, 'tail', 'show the latest records', TAIL)
    .option('-f, --follow', 'and those that follow, until it is interrupted')
    .option('-n, --lines <number>', 'how many', wholeNumber, 10)
    .option('--json', 'the records themselves, checkpoints and announced changes too')
    .action(async (options) => {
      const { tail } = await import('../audit/tail.ts');
      await tail(options);
    });
  subcommand(audit, 'checkpoints', 'print the latest signed checkpoint of each chain', CHECKPOINTS).action(
    async (options) => {
      const { printCheckpoints } = await import('../audit/checkpoints.ts');
      printCheckpoints(options);
    },
  );
}
