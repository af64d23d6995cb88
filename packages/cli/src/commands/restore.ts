import type { Command } from 'commander';

const HELP = `
The data directory is that of KEYWRIGHT_DATA_DIR; it must be empty, or not be there, and no service is needed. The main key is
opened first: with the custodians' shares, with the passphrase, or with the token that KEYWRIGHT_PKCS11_URI names. Nothing is
written unless the backup's tag fits it.

Example:
  $ keywright restore keys.backup`;

async function run(file: string): Promise<void> {
  const [{ restore }, { openQuestions }, { dataDirectory }, { withBackupFailures }] = await Promise.all([
    import('../backup/restore.ts'),
    import('../people/questions.ts'),
    import('../main-key/local.ts'),
    import('./backup.ts'),
  ]);
  // As in the service: whatever is made is its owner's alone.
  process.umask(0o077);
  await withBackupFailures(async () =>
    restore(await openQuestions(), file, dataDirectory(), process.env.KEYWRIGHT_PKCS11_URI),
  );
}

export function register(program: Command): void {
  program
    .command('restore')
    .description('make a data directory from a backup')
    .argument('<file>', 'the backup')
    .addHelpText('after', HELP)
    .action(run);
}
