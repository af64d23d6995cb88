import { join } from 'node:path';
import { cipherEngineName, selectCipherEngine } from '@keywright/crypto';
import { accessKeysWith } from './access/access-keys.ts';
import { openCredentialsFile } from './access/credentials-file.ts';
import { signatureVerifier } from './access/verify-signature.ts';
import { AuditLog } from './audit/audit-log.ts';
import { openSigningKey } from './audit/signing-key.ts';
import { backupOf } from './backup/create-backup.ts';
import type { Configuration } from './configuration.ts';
import { type Custody, openCustody } from './custody/custody.ts';
import { settleEnvironment } from './custody/environment.ts';
import { whenOpen } from './custody/keyring.ts';
import { assertMainKeyKept } from './custody/main-key-files.ts';
import { keepOpened } from './custody/opened-keys.ts';
import { createVault } from './custody/vault.ts';
import { openDualControl } from './dual-control/policy-record.ts';
import type { Service, ServiceContext } from './http/dispatch.ts';
import { createLog, type Log } from './http/log.ts';
import { rateLimiter } from './http/rate-limit.ts';
import { type Job, jobsOf, startJob } from './jobs.ts';
import type { Meters } from './metrics/meters.ts';
import { controlOperations } from './operations/control/index.ts';
import { dataOperations } from './operations/data/index.ts';
import { sampleServices } from './samples/sample-service.ts';
import { cacheRecords } from './store/cached-store.ts';
import { DATABASE } from './store/database-file.ts';
import { openSqliteStore } from './store/sqlite.ts';
import { checkDaily, tamperingRecorder } from './tampering.ts';

/** What each process of the service has open: all that requests and jobs are carried out with. */
export interface Core {
  readonly log: Log;
  readonly service: Service;
  /** None where nobody asks for metrics. */
  readonly meters: Meters | undefined;
}

/** Milliseconds. Requests look by themselves; a process without any wipes the keys that others disabled all the same. */
const LOOK_INTERVAL = 1000;

const databaseIn = (dataDirectory: string) => join(dataDirectory, DATABASE);

/** The main key of the data directory, for the process that holds that. @throws MainKeyError, NotPrivateError */
export function openOwnCustody({ dataDirectory, mainKey }: Configuration): Custody {
  assertMainKeyKept(dataDirectory, mainKey.kind, databaseIn(dataDirectory));
  return openCustody(mainKey, dataDirectory);
}

/** Loaded only where it is asked for: the client takes a while. */
async function newMeters(): Promise<Meters> {
  const { Meters } = await import('./metrics/meters.ts');
  return new Meters();
}

/**
 * Opens store and audit of the data directory, which this process or the one that started it holds.
 *
 * @param opened takes what is to be closed, custody included
 * @param bringCustody of the main key
 * @throws Error saying in one line why it can't
 */
export async function openCore(
  configuration: Configuration,
  opened: AsyncDisposableStack,
  bringCustody: (configuration: Configuration) => Custody = openOwnCustody,
): Promise<Core> {
  const { account, dataDirectory, environment, quotas, rates } = configuration;
  const meters = configuration.metrics && (await newMeters());
  const plainLog = createLog(configuration.log);
  const log = meters?.counting(plainLog) ?? plainLog;
  if (configuration.cipherEngine !== undefined) selectCipherEngine(configuration.cipherEngine);
  log.cipherEngine(cipherEngineName());
  const onFailure = (error: unknown) => log.failure(error);
  const credentials = openCredentialsFile(join(dataDirectory, 'aws-credentials'));
  const custody = opened.use(bringCustody(configuration));
  const vault = keepOpened(createVault(custody.keyring, environment));
  custody.keyring.onEmpty(() => vault.close());
  opened.defer(() => vault.close());
  const audit = opened.use(new AuditLog({ directory: join(dataDirectory, 'audit'), account, onFailure }));
  await audit.start();
  meters?.watch({ keyring: custody.keyring, audit });
  const onTampered = tamperingRecorder({ account, audit, onFailure });
  const store = cacheRecords(openSqliteStore(databaseIn(dataDirectory), onTampered), () => vault.doubt());
  opened.defer(() => store.close());
  const looks = setInterval(() => store.refresh().catch(onFailure), LOOK_INTERVAL).unref();
  opened.defer(() => clearInterval(looks));
  await settleEnvironment(store.custody, environment);
  const dualControl = openDualControl({ store, vault });
  const context: ServiceContext = { account, store, vault, dualControl, quotas, audit, now: Date.now };
  const mainKeyRotation = custody.rotation({
    store: store.custody,
    environment,
    tokenUri: configuration.tokenUri,
    onFailure,
  });
  opened.defer(() => mainKeyRotation.stop());
  await whenOpen(custody.keyring, mainKeyRotation.resume, onFailure);
  await whenOpen(custody.keyring, async () => audit.signWith(await openSigningKey(context)), onFailure);
  const service: Service = {
    operations: { ...controlOperations, ...dataOperations },
    context,
    refresh: store.refresh,
    verifySignature: signatureVerifier(accessKeysWith(credentials, context)),
    limitRate: rateLimiter(rates),
    samples: configuration.samples ? sampleServices() : [],
    custody,
    mainKeyRotation,
    createBackup: backupOf({ ...configuration, custody, store: store.custody, now: Date.now }),
  };
  return { log, service, meters };
}

/**
 * Starts the jobs, which are for one process alone: destroys keys that are due, ends what is over, finishes replications, and looks
 * whether somebody changed the database.
 */
export async function startJobs({ service, log }: Core, opened: AsyncDisposableStack): Promise<void> {
  const { context, refresh } = service;
  const whenUnsealed = (job: Job) => async () => (context.vault.isSealed ? undefined : refresh().then(job));
  for (const job of jobsOf(context, log)) opened.use(await startJob(whenUnsealed(job), log));
  opened.use(checkDaily(context.store, (error) => log.failure(error)));
}
