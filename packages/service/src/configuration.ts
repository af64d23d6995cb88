import { join, resolve } from 'node:path';
import { CIPHER_ENGINES, type CipherEngineName, isCipherEngineName } from '@keywright/crypto';
import type { DestinationStream } from 'pino';
import { DEFAULT_ENVIRONMENT } from './custody/environment.ts';
import type { MainKeySource } from './custody/open-main-key.ts';
import { readTokenUri } from './custody/pkcs11/uri.ts';
import type { Rates } from './http/rate-limit.ts';
import type { MetricsAddress } from './metrics/serve-metrics.ts';
import type { Quotas } from './policy/quotas.ts';

/** All that the service is told from outside. */
export interface Configuration {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly dataDirectory: string;
  /** 12 digits. */
  readonly account: string;
  readonly mainKey: MainKeySource;
  /** Of the token that a main key can be rotated to. */
  readonly tokenUri?: string | undefined;
  /** Names the environment, and is bound into everything that is sealed: what is sealed in one does not open in another. */
  readonly environment: string;
  readonly quotas: Quotas;
  readonly rates: Rates;
  /** Does it answer STS and AWS Private CA too, as far as AWS's samples use them? */
  readonly samples?: boolean;
  /** Processes that answer requests. */
  readonly workers: number;
  /** The fast one, where it can run, unless given. */
  readonly cipherEngine?: CipherEngineName;
  /** Where metrics are served; nowhere unless given. */
  readonly metrics?: MetricsAddress;
  /** Takes the log, a line of JSON for each event. */
  readonly log: DestinationStream;
}

/** An environment variable has a value that can't be right; the message names it and says what would be. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

type Environment = Readonly<Record<string, string | undefined>>;

function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text);
  throw new ConfigurationError('KEYWRIGHT_PORT must be a port number from 0 to 65535; 0 picks a free one');
}

function readAccount(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new ConfigurationError('KEYWRIGHT_ACCOUNT_ID must be 12 digits');
}

/** A host name or address, an IPv6 one in brackets, and a port. */
const ADDRESS = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):([1-9]\d{0,4})$/;

function readMetrics(text: string | undefined): { metrics?: MetricsAddress } {
  if (!text) return {};
  const [, inBrackets, host = inBrackets, port] = ADDRESS.exec(text) ?? [];
  if (host !== undefined && Number(port) <= 65535) return { metrics: { host, port: Number(port) } };
  throw new ConfigurationError('KEYWRIGHT_METRICS must be an address and a port, such as 127.0.0.1:9464');
}

function readEngine(name: string | undefined): { cipherEngine?: CipherEngineName } {
  if (!name) return {};
  if (isCipherEngineName(name)) return { cipherEngine: name };
  throw new ConfigurationError(`KEYWRIGHT_CIPHER_ENGINE must be ${CIPHER_ENGINES.join(' or ')}`);
}

function readToken(uri = ''): string {
  try {
    readTokenUri(uri);
    return uri;
  } catch (error) {
    if (!(error instanceof RangeError) && !(error instanceof URIError)) throw error;
    throw new ConfigurationError(
      `KEYWRIGHT_PKCS11_URI ${error.message}; it is like pkcs11:token=LABEL;object=KEY?module-path=LIBRARY&pin-source=FILE`,
    );
  }
}

function readMainKey({
  KEYWRIGHT_MAIN_KEY,
  KEYWRIGHT_PASSPHRASE_FILE: file,
  KEYWRIGHT_PKCS11_URI: uri,
}: Environment): Configuration['mainKey'] {
  const kind = KEYWRIGHT_MAIN_KEY || 'file';
  if (kind === 'pkcs11') return { kind, uri: readToken(uri) };
  if (kind === 'file' || kind === 'shares') return { kind };
  if (kind !== 'passphrase')
    throw new ConfigurationError('KEYWRIGHT_MAIN_KEY must be "file", "passphrase", "shares" or "pkcs11"');
  if (file) return { kind, file: resolve(file) };
  throw new ConfigurationError(
    'KEYWRIGHT_PASSPHRASE_FILE must name a file (mode 0600) that holds the passphrase, as KEYWRIGHT_MAIN_KEY is "passphrase"',
  );
}

function readEnvironmentName(text: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,62}$/.test(text)) return text;
  throw new ConfigurationError(
    'KEYWRIGHT_ENVIRONMENT must be a name of 1 to 63 lower-case letters, digits, dots, underscores and dashes, such as "production"',
  );
}

/** A limit that nobody set is none. */
function readLimit(name: string, text: string | undefined): number | undefined {
  if (!text) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new ConfigurationError(`${name} must be a whole number from 1 to 999999999, or not be set`);
}

function readWorkers(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new ConfigurationError('KEYWRIGHT_WORKERS must be a number of processes from 1 to 99');
}

/** Off unless it says 1. */
function readSwitch(name: string, text: string | undefined): boolean {
  if (!text || text === '0') return false;
  if (text === '1') return true;
  throw new ConfigurationError(`${name} must be 1 to switch it on, or 0, or not be set`);
}

/**
 * Reads the configuration from environment variables; an empty one is one that is not set.
 *
 * @throws ConfigurationError
 */
export function configurationFromEnvironment(env: Environment): Configuration {
  if (env.KEYWRIGHT_DATABASE_URL) {
    throw new ConfigurationError(
      'KEYWRIGHT_DATABASE_URL must not be set: PostgreSQL comes later, SQLite needs no URL',
    );
  }
  return {
    host: env.KEYWRIGHT_HOST || '127.0.0.1',
    port: readPort(env.KEYWRIGHT_PORT || '3131'),
    dataDirectory: resolve(env.KEYWRIGHT_DATA_DIR || join(process.cwd(), '.keywright')),
    account: readAccount(env.KEYWRIGHT_ACCOUNT_ID || '111122223333'),
    mainKey: readMainKey(env),
    ...(env.KEYWRIGHT_PKCS11_URI && { tokenUri: readToken(env.KEYWRIGHT_PKCS11_URI) }),
    environment: readEnvironmentName(env.KEYWRIGHT_ENVIRONMENT || DEFAULT_ENVIRONMENT),
    quotas: {
      keys: readLimit('KEYWRIGHT_QUOTA_KEYS', env.KEYWRIGHT_QUOTA_KEYS),
      aliases: readLimit('KEYWRIGHT_QUOTA_ALIASES', env.KEYWRIGHT_QUOTA_ALIASES),
    },
    rates: {
      control: readLimit('KEYWRIGHT_RATE_CONTROL', env.KEYWRIGHT_RATE_CONTROL),
      data: readLimit('KEYWRIGHT_RATE_DATA', env.KEYWRIGHT_RATE_DATA),
    },
    samples: readSwitch('KEYWRIGHT_AWS_SAMPLES', env.KEYWRIGHT_AWS_SAMPLES),
    workers: readWorkers(env.KEYWRIGHT_WORKERS || '1'),
    ...readMetrics(env.KEYWRIGHT_METRICS),
    ...readEngine(env.KEYWRIGHT_CIPHER_ENGINE),
    log: process.stderr,
  };
}
