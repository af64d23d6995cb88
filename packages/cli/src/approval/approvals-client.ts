import { PaymentCryptography } from '@aws-sdk/client-payment-cryptography';
import { type ServiceOptions, serviceAddress } from '../ceremony/service-client.ts';
import { Failure } from '../failure.ts';
import { sendSigned } from '../signed-request.ts';

export interface NewMember {
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Team {
  readonly teamArn: string;
  readonly name: string;
  readonly members: readonly string[];
  readonly threshold: number;
}

/** A request that waits for approvals. */
export interface Session {
  readonly sessionArn: string;
  readonly operation: string;
  readonly requester: string;
  readonly comment?: string;
  readonly status: string;
  readonly expiresAt: string;
  readonly threshold: number;
  readonly approvedBy: readonly string[];
  readonly deniedBy: readonly string[];
  readonly keyArn?: string;
  /** PEM. */
  readonly certificate?: string;
}

/** The service's interface for approvals, for whoever the credentials are. */
export interface Approvals {
  addMember(name: string): Promise<NewMember>;
  createTeam(team: Omit<Team, 'teamArn'>): Promise<Team>;
  listTeams(): Promise<{ teams: Team[] }>;
  listSessions(): Promise<{ sessions: Session[] }>;
  /** `session` is its ARN, or the last part of it. */
  decide(session: string, decision: 'approve' | 'deny'): Promise<Session>;
}

interface Refusal {
  readonly message?: string;
  readonly Message?: string;
}

/** @throws Failure with the service's exception and message */
async function answerOf<Output>(response: Response): Promise<Output> {
  const answer = (await response.json()) as Output & Refusal;
  if (response.ok) return answer;
  throw new Failure(`${response.headers.get('x-amzn-errortype')}: ${answer.message ?? answer.Message}`);
}

/** Credentials are found as the AWS SDK finds them, or else those that the service on this machine wrote. */
export function connectToApprovals(options: ServiceOptions): Approvals {
  const address = serviceAddress(options);
  const { credentials } = new PaymentCryptography(address).config;
  const send = async <Output>(method: 'GET' | 'POST', path: string, input?: object) => {
    const place = `/keywright/v1/approvals/${path}`;
    return answerOf<Output>(await sendSigned({ ...address, credentials }, method, place, input));
  };
  return {
    addMember: (name) => send('POST', 'members', { name }),
    createTeam: (team) => send('POST', 'teams', team),
    listTeams: () => send('GET', 'teams'),
    listSessions: () => send('GET', 'sessions'),
    decide: (session, decision) => {
      const id = encodeURIComponent(session.split('/').at(-1)!);
      return send('POST', `sessions/${id}/${decision}`, {});
    },
  };
}
