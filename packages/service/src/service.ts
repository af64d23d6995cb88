import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { accessKeysWith } from './access/access-keys.ts';
import { openCredentialsFile } from './access/credentials-file.ts';
import { signatureVerifier } from './access/verify-signature.ts';
import { AuditLog } from './audit/audit-log.ts';
import { openSigningKey } from './audit/signing-key.ts';
import type { Configuration } from './configuration.ts';
import { openCustody } from './custody/custody.ts';
import { settleEnvironment } from './custody/environment.ts';
import { whenOpen } from './custody/keyring.ts';
import { assertMainKeyKept } from './custody/main-key-files.ts';
import { keepOpened } from './custody/opened-keys.ts';
import { createVault } from './custody/vault.ts';
import { openVersionPins } from './custody/version-pins.ts';
import { openDataDirectory } from './data-directory.ts';
import { openDualControl } from './dual-control/policy-record.ts';
import type { ServiceContext } from './http/dispatch.ts';
import { createLog } from './http/log.ts';
import { rateLimiter } from './http/rate-limit.ts';
import { createServer } from './http/server.ts';
import { type Job, jobsOf, startJob } from './jobs.ts';
import { controlOperations } from './operations/control/index.ts';
import { dataOperations } from './operations/data/index.ts';
import { sampleServices } from './samples/sample-service.ts';
import { cacheRecords } from './store/cached-store.ts';
import { openSqliteStore } from './store/sqlite.ts';

/** A service that answers requests. */
export interface RunningService {
  /** `http://HOST:PORT` */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, finishes the ones it has, and closes everything. */
  close(): Promise<void>;
}

/** Milliseconds that requests have to finish when the service closes. */
const CLOSING_TIME = 10_000;

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
  const { account, dataDirectory, environment, host, mainKey, quotas, rates } = configuration;
  await using opened = new AsyncDisposableStack();
  const log = createLog(configuration.log);
  opened.use(openDataDirectory(dataDirectory));
  const credentials = openCredentialsFile(join(dataDirectory, 'aws-credentials'));
  const database = join(dataDirectory, 'keywright.db');
  assertMainKeyKept(dataDirectory, mainKey.kind, database);
  const custody = opened.use(openCustody(mainKey, dataDirectory));
  const vault = keepOpened(createVault(custody.keyring, environment));
  custody.keyring.onEmpty(() => vault.close());
  opened.defer(() => vault.close());
  const store = cacheRecords(openSqliteStore(database), () => vault.doubt());
  opened.defer(() => store.close());
  await settleEnvironment(store.custody, environment);
  const onFailure = (error: unknown) => log.failure(error);
  const audit = opened.use(new AuditLog({ directory: join(dataDirectory, 'audit'), account, onFailure }));
  await audit.start();
  const dualControl = openDualControl({ store, vault }, openVersionPins(dataDirectory));
  const context: ServiceContext = { account, store, vault, dualControl, quotas, audit, now: Date.now };
  await whenOpen(custody.keyring, async () => audit.signWith(await openSigningKey(context)), onFailure);
  const whenUnsealed = (job: Job) => async () => (vault.isSealed ? undefined : store.refresh().then(job));
  for (const job of jobsOf(context, log)) opened.use(await startJob(whenUnsealed(job), log));

  const operations = { ...controlOperations, ...dataOperations };
  const verifySignature = signatureVerifier(accessKeysWith(credentials, context));
  const samples = configuration.samples ? sampleServices() : [];
  const service = {
    operations,
    context,
    refresh: store.refresh,
    verifySignature,
    limitRate: rateLimiter(rates),
    samples,
    custody,
  };
  const server = createServer(service, log);
  opened.defer(() => closeServer(server));
  await listen(server, configuration);

  const running = opened.move();
  const { port } = server.server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${port}`, port, close: () => running.disposeAsync() };
}
