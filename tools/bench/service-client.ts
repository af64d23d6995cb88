import { TARGET_PREFIX } from '../../packages/service/src/api/operations.ts';
import { type Credentials, signRequest } from '../../packages/service/test/access/sign.ts';

/** A call of one operation as it goes over the wire; without a path, one of the control plane. */
export interface Call {
  readonly operation: string;
  readonly path?: string;
  /** A text goes as it is, whether it is JSON or not. */
  readonly input: object | string;
}

/** Where the service is, and who asks. */
export interface Endpoint {
  readonly url: string;
  readonly credentials: Credentials;
}

/** The whole signed request, head and body, ready to be written to a socket. It is valid for 15 minutes. */
export async function signedBytes({ url, credentials }: Endpoint, call: Call): Promise<Buffer> {
  const { host } = new URL(url);
  const { operation, path = '/', input } = call;
  const json = path === '/' ? 'application/x-amz-json-1.0' : 'application/json';
  const target = path === '/' ? { 'x-amz-target': `${TARGET_PREFIX}${operation}` } : {};
  const request = {
    method: 'POST',
    path,
    headers: { 'content-type': json, ...target },
    body: typeof input === 'string' ? input : JSON.stringify(input),
  };
  const { headers, body } = await signRequest(host, credentials, request);
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body) }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

/** Calls an operation and gives its answer. @throws Error with what the service said, when it refuses */
// biome-ignore lint/suspicious/noExplicitAny: callers know which operation they called
export async function callService(endpoint: Endpoint, call: Call): Promise<any> {
  const [head, body] = (await signedBytes(endpoint, call)).toString().split('\r\n\r\n', 2) as [
    string,
    string,
  ];
  const headers = Object.fromEntries(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(': ', 2)),
  );
  const response = await fetch(`${endpoint.url}${call.path ?? '/'}`, { method: 'POST', headers, body });
  const answer = await response.json();
  if (response.ok) return answer;
  throw new Error(`${call.operation} was refused: ${response.status} ${JSON.stringify(answer)}`);
}
