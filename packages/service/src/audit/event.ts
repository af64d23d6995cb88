import { randomUUID } from 'node:crypto';
import { hideMaterial } from '../api/failure.ts';

/** Where events of AWS's operations come from, in CloudTrail's words; the service's own have another source. */
export const AWS_SOURCE = 'payment-cryptography.amazonaws.com';
export const OWN_SOURCE = 'keywright';

const EVENT_VERSION = '1.11';
const LONGEST_MESSAGE = 1024;
const LONGEST_AGENT = 512;

/** Where a request came from, as JSON. */
export interface Origin {
  readonly sourceAddress: string;
  readonly userAgent: string;
}

/** Who calls, as JSON, and of which region; `unknown` where nobody signed. */
export interface Caller {
  readonly identityJson: string;
  readonly region: string;
}

/** What is known of a call when it comes in. */
export interface IncomingCall {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly requestId: string;
  readonly account: string;
  readonly origin: Origin;
  /** The Authorization header, for who it claims to be from until it is verified. */
  readonly authorization: string | undefined;
  readonly eventSource: string;
  readonly eventName: string;
  readonly readOnly: boolean;
  /** Whether it changes or shows what there is (Management), or works with keys (Data). */
  readonly category: 'Management' | 'Data';
}

/** What was asked, and how it ended. Members that end in `Json` are JSON already. */
export interface CallOutcome {
  readonly requestJson?: string | undefined;
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
  readonly responseJson?: string | undefined;
  /** ARNs. */
  readonly keys: Iterable<string>;
}

/** Something that the service did by itself. */
export interface ServiceEvent {
  readonly eventName: string;
  /** Own unless given. */
  readonly eventSource?: string;
  readonly region?: string;
  readonly keys?: readonly string[];
  readonly errorCode?: string;
  /** Nothing of it is secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

let lastSecond = Number.NaN;
let lastText = '';

/** ISO 8601 in whole seconds, as CloudTrail has it; the record that holds the event tells the millisecond. */
function secondText(at: number): string {
  const second = Math.floor(at / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = new Date(second * 1000).toISOString().replace('.000Z', 'Z');
  }
  return lastText;
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** What a client says of itself, fit to be read: printable ASCII, of a bounded length, without what could be a key. */
export function plainText(text: string): string {
  return cut(hideMaterial(text.replace(/[^\x20-\x7e]/g, '?')), LONGEST_AGENT);
}

function resourcesJson(keys: Iterable<string>, account: string): string {
  let text = '';
  for (const arn of keys) {
    text += `${text === '' ? '' : ','}{"accountId":"${account}","type":"AWS::PaymentCryptography::Key","ARN":"${arn}"}`;
  }
  return `[${text}]`;
}

function head(
  eventSource: string,
  eventName: string,
  identityJson: string,
  at: number,
  region: string,
): string {
  return (
    `{"eventVersion":"${EVENT_VERSION}","userIdentity":${identityJson},"eventTime":"${secondText(at)}",` +
    `"eventSource":"${eventSource}","eventName":"${eventName}","awsRegion":"${region}",`
  );
}

function callHead(
  { eventSource, eventName, at, origin }: IncomingCall,
  { identityJson, region }: Caller,
): string {
  return (
    head(eventSource, eventName, identityJson, at, region) +
    `"sourceIPAddress":${origin.sourceAddress},"userAgent":${origin.userAgent},`
  );
}

/** A call that is about to change something: what is known before. */
export function attemptBody(call: IncomingCall, caller: Caller, requestJson = 'null'): string {
  const { requestId, account } = call;
  return (
    `"attempt":${callHead(call, caller)}"requestParameters":${requestJson},"requestID":"${requestId}",` +
    `"recipientAccountId":"${account}"}`
  );
}

/** A call and how it ended, in the form of a CloudTrail record. */
export function callBody(call: IncomingCall, caller: Caller, outcome: CallOutcome): string {
  const { requestId, account, readOnly, category } = call;
  const { requestJson = 'null', errorCode, errorMessage = '', responseJson = 'null', keys } = outcome;
  const error =
    errorCode === undefined
      ? ''
      : `"errorCode":"${errorCode}","errorMessage":${JSON.stringify(cut(errorMessage, LONGEST_MESSAGE))},`;
  return (
    `"event":${callHead(call, caller)}${error}"requestParameters":${requestJson},"responseElements":${responseJson},` +
    `"requestID":"${requestId}","eventID":"${randomUUID()}","readOnly":${readOnly},` +
    `"resources":${resourcesJson(keys, account)},"eventType":"AwsApiCall","managementEvent":${category === 'Management'},` +
    `"recipientAccountId":"${account}","eventCategory":"${category}"}`
  );
}

function serviceHead(
  { eventName, eventSource = OWN_SOURCE, region = 'unknown' }: ServiceEvent,
  account: string,
  at: number,
): string {
  const identity = `{"accountId":"${account}","invokedBy":"${eventSource}"}`;
  const origin = `"sourceIPAddress":"${eventSource}","userAgent":"${eventSource}",`;
  return head(eventSource, eventName, identity, at, region) + origin;
}

function serviceTail({ keys = [], details }: ServiceEvent, account: string, eventId: string): string {
  return (
    `"eventID":"${eventId}","readOnly":false,"resources":${resourcesJson(keys, account)},` +
    `"eventType":"AwsServiceEvent","managementEvent":true,"recipientAccountId":"${account}",` +
    `"serviceEventDetails":${JSON.stringify(details ?? null)},"eventCategory":"Management"}`
  );
}

/** Something that the service is about to change by itself. */
export function serviceAttemptBody(
  event: ServiceEvent,
  account: string,
  at: number,
  eventId: string,
): string {
  return `"attempt":${serviceHead(event, account, at)}${serviceTail(event, account, eventId)}`;
}

/** Something that the service did by itself, in the form of a CloudTrail record. */
export function serviceBody(
  event: ServiceEvent,
  account: string,
  at: number,
  eventId: string = randomUUID(),
): string {
  const error = event.errorCode === undefined ? '' : `"errorCode":"${event.errorCode}",`;
  const empty = '"requestParameters":null,"responseElements":null,';
  return `"event":${serviceHead(event, account, at)}${error}${empty}${serviceTail(event, account, eventId)}`;
}
