import { Failure } from '../failure.ts';
import { type SignedEndpoint, sendSigned } from '../signed-request.ts';

/**
 * Calls data-plane operations with requests signed by the AWS SDK's own signer: the SDK for JavaScript has no published
 * client for this plane.
 */
export class DataPlaneClient {
  readonly #endpoint: SignedEndpoint;

  constructor(endpoint: SignedEndpoint) {
    this.#endpoint = endpoint;
  }

  /** @throws Failure with the service's exception and message */
  async call<Output>(path: string, input: object): Promise<Output> {
    const answer = await sendSigned(this.#endpoint, 'POST', path, input);
    const output = (await answer.json()) as Output & { message?: string };
    if (!answer.ok)
      throw new Failure(`${path}: ${answer.headers.get('x-amzn-errortype')}: ${output.message}`);
    return output;
  }
}
