import { PaymentCryptography } from '@aws-sdk/client-payment-cryptography';
import { type ServiceOptions, serviceAddress } from '../ceremony/service-client.ts';
import { Failure } from '../failure.ts';
import { reach } from '../reach.ts';
import { type SignedEndpoint, sendSigned } from '../signed-request.ts';
import { findSession } from './session-file.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
type Request = [method: Method, path: string, input?: object];

/** A request to the service's own interface was refused. */
export class OwnRefusal extends Failure {
  readonly code: string;
  /** The request that somebody else has to approve, where that is why. */
  readonly approvalRequest: string | undefined;

  constructor(code: string, message: string, approvalRequest?: string) {
    super(`${code}: ${message}`);
    this.code = code;
    this.approvalRequest = approvalRequest;
  }
}

/** The service's own interface, for whoever is signed in there; else for whoever the access key is of. */
export interface OwnClient {
  readonly endpoint: string;
  /** The name of who is signed in, if anybody is. */
  readonly person: string | undefined;
  /** Sends a request; `path` is below /keywright/v1 and escaped. @throws OwnRefusal */
  send<Answer>(method: Method, path: string, input?: object): Promise<Answer>;
  /** Sends a request whose answer is no JSON. @throws OwnRefusal */
  receive(method: Method, path: string, input?: object): Promise<Response>;
  /** As nobody: for signing in. */
  sendOpenly<Answer>(method: Method, path: string, input?: object): Promise<Answer>;
}

interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly approvalRequest?: string;
}

async function answerOf<Answer>(response: Response): Promise<Answer> {
  const good = await accepted(response);
  return (await good.json().catch(() => ({}))) as Answer;
}

async function accepted(response: Response): Promise<Response> {
  if (response.ok) return response;
  const answer = (await response.json().catch(() => ({}))) as ErrorBody;
  const { code = `HTTP status ${response.status}`, message = '', approvalRequest } = answer;
  throw new OwnRefusal(code, message, approvalRequest);
}

function sendWith(endpoint: string, region: string, token: string | undefined) {
  return (method: Method, path: string, input?: object): Promise<Response> => {
    const headers = {
      'x-keywright-region': region,
      ...(token && { authorization: `Bearer ${token}` }),
      ...(input && { 'content-type': 'application/json' }),
    };
    const url = new URL(`/keywright/v1${path}`, endpoint);
    const body = input && JSON.stringify(input);
    return reach(endpoint, () => fetch(url, { method, headers, ...(body && { body }) }));
  };
}

function signWith(address: Omit<SignedEndpoint, 'credentials'>) {
  const { credentials } = new PaymentCryptography(address).config;
  return (method: Method, path: string, input?: object): Promise<Response> =>
    sendSigned({ ...address, credentials }, method, `/keywright/v1${path}`, input);
}

/** Whoever signed in at the service (keywright login) is who asks; where nobody did, credentials are found as the AWS CLI finds them. */
export function connectToOwn(options: ServiceOptions): OwnClient {
  const address = serviceAddress(options);
  const { endpoint, region } = address;
  const session = findSession(endpoint);
  const send = session ? sendWith(endpoint, region, session.token) : signWith(address);
  const sendOpenly = sendWith(endpoint, region, undefined);
  return {
    endpoint,
    person: session?.name,
    send: <Answer>(...request: Request) => send(...request).then(answerOf<Answer>),
    receive: (...request) => send(...request).then(accepted),
    sendOpenly: <Answer>(...request: Request) => sendOpenly(...request).then(answerOf<Answer>),
  };
}
