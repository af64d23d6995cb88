import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Secret } from '@keywright/crypto';
import type { FastifyInstance } from 'fastify';
import { accessKeysWith } from './access/access-keys.ts';
import { openCredentialsFile } from './access/credentials-file.ts';
import { signatureVerifier } from './access/verify-signature.ts';
import { AuditLog, AuditUnavailableError } from './audit/audit-log.ts';
import { openSigningKey } from './audit/signing-key.ts';
import { endCeremonies } from './ceremony/end-ceremony.ts';
import type { Configuration } from './configuration.ts';
import { openFileMainKey } from './custody/file-main-key.ts';
import type { MainKeyProvider } from './custody/main-key.ts';
import { openPassphraseMainKey } from './custody/passphrase-main-key.ts';
import { createVault } from './custody/vault.ts';
import { openDataDirectory } from './data-directory.ts';
import type { ServiceContext } from './http/dispatch.ts';
import { createLog, type Log } from './http/log.ts';
import { rateLimiter } from './http/rate-limit.ts';
import { createServer } from './http/server.ts';
import { endSessions } from './operations/approval/end-sessions.ts';
import { controlOperations } from './operations/control/index.ts';
import { dataOperations } from './operations/data/index.ts';
import { destroyDueKeys } from './operations/destroy-due-keys.ts';
import { replicateKeys } from './operations/replicate-keys.ts';
import { readPrivateFile } from './private-file.ts';
import { sampleServices } from './samples/sample-service.ts';
import { openSqliteStore } from './store/sqlite.ts';

/** A service that answers requests. */
export interface RunningService {
  /** `http://HOST:PORT` */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, finishes the ones it has, and closes everything. */
  close(): Promise<void>;
}

/** What of the main key is kept in the data directory: the key itself, or what its passphrase is stretched with. */
const MAIN_KEY_FILES = { file: 'main-key', passphrase: 'main-key-parameters' } as const;
const JOB_INTERVAL = 60_000;
/** Milliseconds that requests have to finish when the service closes. */
const CLOSING_TIME = 10_000;
const LINE_FEED = 10;

/** The passphrase is the file's content without the line feed that editors put at its end. */
function readPassphrase(file: string): Secret {
  const content = readPrivateFile(file);
  const passphrase = Secret.copyOf(content.subarray(0, content.at(-1) === LINE_FEED ? -1 : undefined));
  content.fill(0);
  return passphrase;
}

/** A new main key beside an old database would open none of its keys, and bury that the right one is lost. */
function assertNotLost(file: string, database: string): void {
  if (existsSync(file) || !existsSync(database)) return;
  throw new Error(`${file} is missing, and the keys in ${database} open with nothing else; put it back`);
}

function openMainKey({ mainKey }: Configuration, file: string): MainKeyProvider {
  if (mainKey.kind === 'file') return openFileMainKey(file);
  using passphrase = readPassphrase(mainKey.file);
  return openPassphraseMainKey(passphrase, file);
}

/** Does a job now and every minute, one run at a time. */
async function startJob(job: () => Promise<unknown>, log: Log): Promise<AsyncDisposable> {
  let run = job().catch((error) => {
    // What could not be recorded was not done; it is tried again in a minute.
    if (!(error instanceof AuditUnavailableError)) throw error;
  });
  await run;
  const timer = setInterval(() => {
    run = run.then(job).catch((error) => log.failure(error));
  }, JOB_INTERVAL).unref();
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await run;
    },
  };
}

async function listen(server: FastifyInstance, { host, port }: Configuration): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const advice = 'set KEYWRIGHT_PORT to another, or to 0 for a free one';
    throw new Error(`port ${port} of ${host} is in use; ${advice}`, { cause: error });
  }
}

async function closeServer(server: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => server.server.closeAllConnections(), CLOSING_TIME).unref();
  await server.close();
  clearTimeout(timer);
}

/**
 * Starts the service: holds the data directory, opens main key and store, destroys keys and tokens that are due, finishes
 * replications, ends approval sessions whose time is over, listens.
 *
 * @throws Error saying in one line why it can't start; everything opened so far is closed again
 */
export async function startService(configuration: Configuration): Promise<RunningService> {
  const { account, dataDirectory, host, quotas, rates } = configuration;
  await using opened = new AsyncDisposableStack();
  const log = createLog(configuration.log);
  opened.use(openDataDirectory(dataDirectory));
  const credentials = openCredentialsFile(join(dataDirectory, 'aws-credentials'));
  const database = join(dataDirectory, 'keywright.db');
  const mainKeyFile = join(dataDirectory, MAIN_KEY_FILES[configuration.mainKey.kind]);
  assertNotLost(mainKeyFile, database);
  const mainKey = opened.use(openMainKey(configuration, mainKeyFile));
  const store = openSqliteStore(database);
  opened.defer(() => store.close());
  const onFailure = (error: unknown) => log.failure(error);
  const audit = opened.use(new AuditLog({ directory: join(dataDirectory, 'audit'), account, onFailure }));
  await audit.start();
  const context: ServiceContext = {
    account,
    store,
    vault: createVault(mainKey),
    quotas,
    audit,
    now: Date.now,
  };
  audit.signWith(await openSigningKey(context));
  opened.use(await startJob(() => destroyDueKeys(context), log));
  opened.use(await startJob(() => store.deleteExpiredTokens(context.now()), log));
  opened.use(await startJob(() => store.deleteExpiredDocuments(context.now()), log));
  opened.use(await startJob(() => replicateKeys(context, (error) => log.failure(error)), log));
  opened.use(await startJob(() => endCeremonies(context), log));
  opened.use(await startJob(() => endSessions(context, (error) => log.failure(error)), log));

  const operations = { ...controlOperations, ...dataOperations };
  const verifySignature = signatureVerifier(accessKeysWith(credentials, context));
  const samples = configuration.samples ? sampleServices() : [];
  const service = { operations, context, verifySignature, limitRate: rateLimiter(rates), samples };
  const server = createServer(service, log);
  opened.defer(() => closeServer(server));
  await listen(server, configuration);

  const running = opened.move();
  const { port } = server.server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${port}`, port, close: () => running.disposeAsync() };
}
