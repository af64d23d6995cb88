import type { Command } from 'commander';
import type { ServiceOptions } from '../ceremony/service-client.ts';

const HELP = `
The service goes on answering; the copy is of one moment. It holds no clear key: the database is sealed under the main
key, which is not in it, but for one in a file, which goes in under a passphrase that is asked for. The audit is no part of
it, and neither is aws-credentials: a restored service makes a new one. Under dual control a second person has to approve.

Examples:
  $ keywright backup keys.backup
  $ keywright backup verify keys.backup`;

const VERIFY_HELP = `
Without the custodians. It tells damage: of the manifest, and of each part by its SHA-256. It cannot tell whether
somebody made all of it up; the tag that does is under the main key, and keywright restore checks it first of all.

Example:
  $ keywright backup verify keys.backup`;

/** What is wrong with a backup, or a main key, is said in one line. */
export async function withBackupFailures(run: () => Promise<void>): Promise<void> {
  const [{ BackupError, MainKeyError }, { Failure }, { Aborted }] = await Promise.all([
    import('@keywright/service'),
    import('../failure.ts'),
    import('../ceremony/prompts.ts'),
  ]);
  try {
    await run();
  } catch (error) {
    if (error instanceof Aborted) throw new Failure('broken off; nothing was written');
    if (error instanceof BackupError || error instanceof MainKeyError) throw new Failure(error.message);
    throw error;
  }
}

async function create(file: string, options: ServiceOptions): Promise<void> {
  const [{ createBackup }, { openQuestions }, { connectToOwn }] = await Promise.all([
    import('../backup/create.ts'),
    import('../people/questions.ts'),
    import('../people/own-client.ts'),
  ]);
  await withBackupFailures(async () => {
    const questions = await openQuestions();
    // Whoever is no person at a terminal repeats the command once it is approved.
    const asked = process.stdin.isTTY ? questions : { ...questions, confirm: async () => false };
    console.log(`${file} is ${await createBackup(asked, connectToOwn(options), file)}`);
  });
}

async function verify(file: string): Promise<void> {
  const [{ openBackup }, { describeBackup }] = await Promise.all([
    import('@keywright/service'),
    import('../backup/describe.ts'),
  ]);
  await withBackupFailures(async () => {
    await using backup = await openBackup(file);
    console.log(`${file} is ${describeBackup(backup.manifest)}`);
    console.log('every part has the SHA-256 that the manifest says');
    console.log('not verified: the tag, which takes the main key and tells whether the manifest is genuine');
  });
}

export function register(program: Command): void {
  const backup = program
    .command('backup')
    .description('copy all that the service keeps, useless without its main key')
    .argument('<file>', 'a new file, of mode 0600')
    .option('--endpoint-url <url>', 'where the service is')
    .option('--region <region>', 'region that requests are signed for (default: AWS_REGION, or us-east-1)')
    .addHelpText('after', HELP)
    .action(create);
  backup
    .command('verify')
    .description('tell what can be told of a backup without its main key')
    .argument('<file>', 'the backup')
    .addHelpText('after', VERIFY_HELP)
    .action(verify);
}
