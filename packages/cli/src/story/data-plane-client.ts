import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { Failure } from '../failure.ts';

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

/**
 * Calls data-plane operations with requests signed by the AWS SDK's own signer: the SDK for JavaScript has no published
 * client for this plane.
 */
export class DataPlaneClient {
  readonly #endpoint: URL;
  readonly #signer: SignatureV4;

  constructor(options: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  }) {
    const { region, credentials } = options;
    this.#endpoint = new URL(options.endpoint);
    this.#signer = new SignatureV4({ service: 'payment-cryptography', region, credentials, sha256: Sha256 });
  }

  /** @throws Failure with the service's exception and message */
  async call<Output>(path: string, input: object): Promise<Output> {
    const { protocol, hostname, port, host } = this.#endpoint;
    const body = JSON.stringify(input);
    const headers = { host, 'content-type': 'application/json' };
    const request = await this.#signer.sign({
      method: 'POST',
      protocol,
      hostname,
      port: Number(port),
      path,
      headers,
      body,
    });
    const answer = await fetch(new URL(path, this.#endpoint), {
      method: 'POST',
      headers: request.headers,
      body,
    });
    const output = (await answer.json()) as Output & { message?: string };
    if (!answer.ok)
      throw new Failure(`${path}: ${answer.headers.get('x-amzn-errortype')}: ${output.message}`);
    return output;
  }
}
