import { type AuditLog, AuditUnavailableError } from './audit-log.ts';
import { attemptBody, type Caller, type CallOutcome, callBody, type IncomingCall } from './call-event.ts';
import { claimedBy, type Identity, identityJson } from './identity.ts';

/** Where records go. */
export type RecordSink = Pick<AuditLog, 'append' | 'commit' | 'settle'>;

/** A call while it is carried out: what its record will say comes together here. */
export class Call {
  readonly #audit: RecordSink;
  readonly #incoming: IncomingCall;
  #caller: Caller | undefined;
  #requestJson: string | undefined;
  /** ARNs of the keys that it names, used or made. */
  readonly #keys: string[] = [];
  #ended = false;

  constructor(audit: RecordSink, incoming: IncomingCall) {
    this.#audit = audit;
    this.#incoming = incoming;
  }

  /** Was it recorded how it ended? */
  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Whose signature was verified, and for which region. */
  identify(caller: Identity & { readonly region: string }): void {
    this.#caller = { identityJson: identityJson(caller, this.#incoming.account), region: caller.region };
  }

  /** A key that it names, used or made. */
  noteKey(arn: string): void {
    if (!this.#keys.includes(arn)) this.#keys.push(arn);
  }

  /** What is asked, without what is sensitive. */
  describe(requestJson: string): void {
    this.#requestJson = requestJson;
  }

  /**
   * From here on the call is carried out. One that changes something goes no further unless it is on the disk that it is about to.
   *
   * @throws AuditUnavailableError
   */
  begin(): Promise<void> {
    if (this.#incoming.readOnly) return Promise.resolve();
    this.#audit.append(attemptBody(this.#incoming, this.#who(), this.#requestJson), true);
    return this.#audit.commit();
  }

  /**
   * Records that it was done. What changed something is on the disk before it is answered.
   *
   * @throws AuditUnavailableError
   */
  succeed(responseJson?: string): Promise<void> {
    this.#end({ responseJson });
    if (this.#incoming.readOnly) return this.#audit.settle();
    return this.#audit.commit().catch((cause) => {
      throw new AuditUnavailableError(true, { cause });
    });
  }

  /** Records that it was refused, or failed. */
  async fail({
    code: errorCode,
    message: errorMessage,
  }: {
    readonly code: string;
    readonly message: string;
  }): Promise<void> {
    // A change that was made, and whose record could not be written yet, was no failure.
    if (this.#ended) return;
    this.#end({ errorCode, errorMessage });
    await this.#audit.settle();
  }

  #end(outcome: Omit<CallOutcome, 'keys' | 'requestJson'>): void {
    this.#ended = true;
    const requestJson = this.#requestJson;
    const ofChange = !this.#incoming.readOnly && outcome.errorCode === undefined;
    const body = callBody(this.#incoming, this.#who(), { requestJson, ...outcome, keys: this.#keys });
    this.#audit.append(body, ofChange);
  }

  #who(): Caller {
    return this.#caller ?? claimedBy(this.#incoming.authorization);
  }
}
