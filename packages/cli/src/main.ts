import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { register as accessKey } from './commands/access-key.ts';
import { register as approval } from './commands/approval.ts';
import { register as audit } from './commands/audit.ts';
import { register as backup } from './commands/backup.ts';
import { register as ceremony } from './commands/ceremony.ts';
import { register as compromised } from './commands/compromised.ts';
import { register as custody } from './commands/custody.ts';
import { register as dukpt } from './commands/dukpt.ts';
import { register as fleet } from './commands/fleet.ts';
import { register as inject } from './commands/inject.ts';
import { register as kcv } from './commands/kcv.ts';
import { register as keyblock } from './commands/keyblock.ts';
import { register as login } from './commands/login.ts';
import { register as mainKey } from './commands/main-key.ts';
import { register as openapi } from './commands/openapi.ts';
import { register as pos } from './commands/pos.ts';
import { register as request } from './commands/request.ts';
import { register as restore } from './commands/restore.ts';
import { register as rotate } from './commands/rotate.ts';
import { register as seal } from './commands/seal.ts';
import { register as serve } from './commands/serve.ts';
import { register as story } from './commands/story.ts';
import { register as unseal } from './commands/unseal.ts';
import { register as user } from './commands/user.ts';
import { Failure } from './failure.ts';

/** Every command. What a command works with is loaded when it runs, so that help and batches start fast. */
const COMMANDS = {
  serve,
  login,
  user,
  accessKey,
  custody,
  request,
  openapi,
  story,
  keyblock,
  dukpt,
  kcv,
  ceremony,
  rotate,
  compromised,
  approval,
  fleet,
  inject,
  pos,
  mainKey,
  unseal,
  seal,
  backup,
  restore,
  audit,
};

const FAILED = 1;
const USAGE = 2;

function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

function createProgram(): Command {
  const program = new Command('keywright')
    .description('Payment key management that a team can run itself')
    .version(version())
    .showHelpAfterError('(--help says what there is)')
    .exitOverride();
  for (const register of Object.values(COMMANDS)) register(program);
  return program;
}

/** Picks the cipher engine that the environment names; the library is loaded for that only when it names one. */
async function selectEngine(name: string | undefined): Promise<void> {
  if (!name) return;
  const { CIPHER_ENGINES, isCipherEngineName, selectCipherEngine } = await import('@keywright/crypto');
  if (!isCipherEngineName(name)) {
    throw new Failure(`KEYWRIGHT_CIPHER_ENGINE must be ${CIPHER_ENGINES.join(' or ')}`);
  }
  selectCipherEngine(name);
}

/** What the operating system refused: a full disk, a directory in a file's place. Its message says it all. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}

const NO_CREDENTIALS =
  'there are no credentials: set AWS_SHARED_CREDENTIALS_FILE to the file aws-credentials of the data directory, or sign in with keywright login';

/** The AWS SDK's, when it has looked in all places. */
function isWithoutCredentials(error: unknown): boolean {
  return error instanceof Error && error.name === 'CredentialsProviderError';
}

/** Says what went wrong, unless commander has, and what the exit status is. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  if (error instanceof Failure || isSystemError(error)) {
    if (error.message !== '') console.error(`keywright: ${error.message}`);
  } else if (isWithoutCredentials(error)) console.error(`keywright: ${NO_CREDENTIALS}`);
  else console.error('keywright:', error);
  return FAILED;
}

/** Runs one command line, without the program's name. The exit status is 0, 1 (failed) or 2 (wrong usage). */
export async function main(args: readonly string[]): Promise<void> {
  try {
    await selectEngine(process.env.KEYWRIGHT_CIPHER_ENGINE);
    await createProgram().parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = report(error);
  }
}
