import type { AddressInfo } from 'node:net';
import { signatureVerifier } from '../../src/access/verify-signature.ts';
import type { AuditLog } from '../../src/audit/audit-log.ts';
import type { Custody } from '../../src/custody/custody.ts';
import type { MainKeyRotation } from '../../src/custody/main-key-rotation.ts';
import type { Operations, ServiceContext } from '../../src/http/dispatch.ts';
import { createLog } from '../../src/http/log.ts';
import { rateLimiter } from '../../src/http/rate-limit.ts';
import { createServer } from '../../src/http/server.ts';
import type { SampleService } from '../../src/samples/sample-service.ts';
import { accessKeysOf } from '../access/keys.ts';
import { type Credentials, type Scope, signRequest } from '../access/sign.ts';
import { ACCOUNT, temporaryAudit } from '../audit/temporary-audit.ts';
import { NO_DUAL_CONTROL } from '../dual-control/none.ts';

export const credentials: Credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'not/a+real/secret' };

/** A server with the operations given, on a free port. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  /** The lines of the log so far. */
  readonly log: string[];
  readonly audit: AuditLog;
  readonly auditDirectory: string;
  /** Sends a request signed with `credentials`. */
  send(path: string, body: unknown, options?: SendOptions): Promise<Response>;
  /** Calls an operation of the control plane. */
  control(operation: string, input: unknown, options?: SendOptions): Promise<Response>;
}

export interface SendOptions {
  readonly headers?: Record<string, string>;
  readonly scope?: Scope;
  readonly credentials?: Credentials;
}

export async function startTestServer(
  operations: Operations,
  store: Partial<ServiceContext['store']> = {},
  samples: readonly SampleService[] = [],
): Promise<TestServer> {
  const log: string[] = [];
  const temporary = temporaryAudit();
  const { audit, directory: auditDirectory } = temporary;
  const context = {
    account: ACCOUNT,
    store,
    vault: {},
    dualControl: NO_DUAL_CONTROL,
    quotas: {},
    audit,
    now: Date.now,
  } as ServiceContext;
  const verifySignature = signatureVerifier(accessKeysOf(credentials));
  const refresh = async () => undefined;
  const server = createServer(
    {
      operations,
      context,
      refresh,
      verifySignature,
      limitRate: rateLimiter({}),
      samples,
      custody: {} as Custody,
      mainKeyRotation: {} as MainKeyRotation,
      createBackup: async () => Promise.reject(new Error('no backup here')),
    },
    createLog({ write: (line) => log.push(line) }),
  );
  await server.listen({ port: 0 });
  const host = `localhost:${(server.server.address() as AddressInfo).port}`;

  const send: TestServer['send'] = async (path, content, options = {}) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    const request = { method: 'POST', path, headers: options.headers ?? {}, body: text };
    const { headers, body } = await signRequest(
      host,
      options.credentials ?? credentials,
      request,
      options.scope,
    );
    return fetch(`http://${host}${path}`, { method: 'POST', headers, body });
  };
  return {
    url: `http://${host}`,
    host,
    log,
    audit,
    auditDirectory,
    send,
    control: (operation, input, options = {}) => {
      const target = { 'x-amz-target': `PaymentCryptographyControlPlane.${operation}` };
      return send('/', input, { ...options, headers: { ...target, ...options.headers } });
    },
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await temporary[Symbol.asyncDispose]();
    },
  };
}
