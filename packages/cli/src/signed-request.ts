import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { reach } from './reach.ts';

type Signer = ConstructorParameters<typeof SignatureV4>[0];

/** Where requests go, and who signs them. */
export interface SignedEndpoint {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Signer['credentials'];
}

/** What the signer wants of a hash: SHA-256, or HMAC with it where there is a secret. */
class Sha256 {
  #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

/** Sends a request with a JSON body, or none, signed by the AWS SDK's own signer. `place` is a path with or without a query, escaped. */
export async function sendSigned(
  { endpoint, region, credentials }: SignedEndpoint,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  place: string,
  input?: object,
): Promise<Response> {
  const { protocol, hostname, port, host, pathname: path, searchParams } = new URL(place, endpoint);
  const query = Object.fromEntries(searchParams);
  const signer = new SignatureV4({ service: 'payment-cryptography', region, credentials, sha256: Sha256 });
  const body = input === undefined ? {} : { body: JSON.stringify(input) };
  const headers = { host, 'content-type': 'application/json' };
  const request = { method, protocol, hostname, port: Number(port), path, query, headers, ...body };
  const signed = await signer.sign(request);
  const url = new URL(place, endpoint);
  return reach(endpoint, () => fetch(url, { method, headers: signed.headers, ...body }));
}
