import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

type Data = string | ArrayBuffer | ArrayBufferView;

function bytes(data: Data): Uint8Array | string {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

/** What @smithy/signature-v4 wants for a hash: SHA-256, with a key HMAC. */
class Sha256 {
  readonly #hash: Hash | Hmac;
  constructor(key?: Data) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytes(key));
  }
  update(data: Data): void {
    this.#hash.update(bytes(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {
    throw new Error('not used');
  }
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface Scope {
  readonly date?: Date;
  readonly region?: string;
  readonly service?: string;
}

/** Signs a request to `host` as the AWS clients do, by their own library. */
export async function signRequest(
  host: string,
  credentials: Credentials,
  { method, path, headers, body }: Request,
  { date = new Date(), region = 'us-east-2', service = 'payment-cryptography' }: Scope = {},
): Promise<Request> {
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256, applyChecksum: false });
  const [hostname = '', port] = host.split(':');
  const unsigned = {
    method,
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: path.split('?', 1)[0]!,
    query: Object.fromEntries(new URL(path, 'http://host').searchParams),
    headers: { host, ...headers },
    body,
  };
  const signed = await signer.sign(unsigned, { signingDate: date });
  return { method, path, headers: signed.headers, body };
}
