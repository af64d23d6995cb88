import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type {
  CreateAliasInput,
  CreateKeyInput,
  CreateKeyOutput,
  DeleteKeyInput,
  GetParametersForImportInput,
  GetParametersForImportOutput,
  GetPublicKeyCertificateInput,
  GetPublicKeyCertificateOutput,
  ImportKeyInput,
  ImportKeyOutput,
} from '@aws-sdk/client-payment-cryptography';
import { PaymentCryptography } from '@aws-sdk/client-payment-cryptography';
import { Failure } from '../failure.ts';

/** What a ceremony needs of the service: operations of the AWS API, by their names there. */
export interface KeyService {
  getParametersForImport(input: GetParametersForImportInput): Promise<GetParametersForImportOutput>;
  createKey(input: CreateKeyInput): Promise<CreateKeyOutput>;
  getPublicKeyCertificate(input: GetPublicKeyCertificateInput): Promise<GetPublicKeyCertificateOutput>;
  importKey(input: ImportKeyInput): Promise<ImportKeyOutput>;
  createAlias(input: CreateAliasInput): Promise<unknown>;
  deleteKey(input: DeleteKeyInput): Promise<unknown>;
}

/** Days until a key that should not be there is gone: the least that the API takes. */
export const DELETION_DAYS = 3;

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Over plain HTTP somebody in between could put a certificate of their own in the place of the service's. */
export function assertSafeEndpoint(endpoint: string): void {
  const url = URL.parse(endpoint);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname))) return;
  throw new Failure(`${endpoint} must be an https:// address, or an http:// address of this machine`);
}

/** The SDK finds credentials as it does everywhere; where nobody gave any, it is shown those that the service wrote. */
function offerOwnCredentials(environment: NodeJS.ProcessEnv): void {
  const given = ['AWS_ACCESS_KEY_ID', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_PROFILE'];
  if (given.some((name) => environment[name])) return;
  const own = join(environment.KEYWRIGHT_DATA_DIR ?? '.keywright', 'aws-credentials');
  if (existsSync(own)) environment.AWS_SHARED_CREDENTIALS_FILE = own;
}

function defaultEndpoint(environment: NodeJS.ProcessEnv): string {
  const { KEYWRIGHT_HOST: host = '127.0.0.1', KEYWRIGHT_PORT: port = '3131' } = environment;
  return (
    environment.AWS_ENDPOINT_URL_PAYMENT_CRYPTOGRAPHY ??
    environment.AWS_ENDPOINT_URL ??
    `http://${host}:${port}`
  );
}

/** What a command is told of the service, on its command line. */
export interface ServiceOptions {
  readonly endpointUrl?: string;
  readonly region?: string;
}

/** A client of the AWS API at `endpointUrl`, by default the service on this machine. */
export function connect(options: ServiceOptions): KeyService {
  return new PaymentCryptography(serviceAddress(options));
}

/** Where the service is; from then on the SDK's clients find credentials for it. */
export function serviceAddress(options: ServiceOptions): { endpoint: string; region: string } {
  const { env } = process;
  const endpoint = options.endpointUrl ?? defaultEndpoint(env);
  assertSafeEndpoint(endpoint);
  offerOwnCredentials(env);
  const region = options.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1';
  return { endpoint, region };
}
