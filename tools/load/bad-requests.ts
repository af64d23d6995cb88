import { type Call, type Endpoint, signedBytes } from '../bench/service-client.ts';

/** A request that must be refused, and how. */
export interface BadRequest {
  readonly what: string;
  readonly bytes: Buffer;
  readonly status: number;
  /** What the refusal says. */
  readonly says: string;
  /** The service ends the connection after it. */
  readonly ends?: true;
}

const MAC = {
  operation: 'GenerateMac',
  path: '/mac/generate',
  input: {
    KeyIdentifier: 'arn:aws:payment-cryptography:us-east-2:111122223333:key/aaaaaaaaaaaaaaaa',
    MessageData: '00',
    GenerationAttributes: { Algorithm: 'CMAC' },
  },
} satisfies Call;

/** The same bytes with another signature. */
function forged(bytes: Buffer): Buffer {
  const signature = /Signature=[0-9a-f]{64}/;
  return Buffer.from(bytes.toString('latin1').replace(signature, `Signature=${'0'.repeat(64)}`), 'latin1');
}

export async function makeBadRequests(endpoint: Endpoint): Promise<BadRequest[]> {
  const sign = (input: object | string) => signedBytes(endpoint, { ...MAC, input });
  const [good, malformed, invalid, oversized] = [
    await sign(MAC.input),
    await sign('{"KeyIdentifier":'),
    await sign({ ...MAC.input, MessageData: 'no hexadecimal' }),
    await sign('x'.repeat(1024 * 1024 + 1)),
  ];
  return [
    { what: 'a key that is not there', bytes: good, status: 404, says: 'was not found' },
    { what: 'a bad signature', bytes: forged(good), status: 403, says: 'does not match the signature' },
    { what: 'malformed JSON', bytes: malformed, status: 400, says: 'must be one JSON object' },
    { what: 'an invalid member', bytes: invalid, status: 400, says: '1 validation error detected' },
    {
      what: 'a body too long',
      bytes: oversized,
      status: 413,
      says: 'longer than this service takes',
      ends: true,
    },
  ];
}
