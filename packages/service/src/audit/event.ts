import { randomUUID } from 'node:crypto';
import { hideMaterial } from '../api/failure.ts';
import { remembered } from '../memo.ts';

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
  readonly keys: readonly string[];
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

const resourceJson = remembered((account: string) =>
  remembered(
    (arn: string) => `{"accountId":"${account}","type":"AWS::PaymentCryptography::Key","ARN":"${arn}"}`,
  ),
);

function resourcesJson(keys: readonly string[], account: string): string {
  return `[${keys.map(resourceJson(account)).join(',')}]`;
}

function head(eventSource: string, eventName: string, identityJson: string, region: string): string {
  return (
    `{"eventVersion":"${EVENT_VERSION}","userIdentity":${identityJson},"eventSource":"${eventSource}",` +
    `"eventName":"${eventName}","awsRegion":"${region}",`
  );
}

/** What the records of calls of one kind, from one client, have in common. */
function callHead(
  { eventSource, eventName, readOnly, category, account, origin }: IncomingCall,
  { identityJson, region }: Caller,
): string {
  return (
    head(eventSource, eventName, identityJson, region) +
    `"sourceIPAddress":${origin.sourceAddress},"userAgent":${origin.userAgent},"readOnly":${readOnly},` +
    `"eventType":"AwsApiCall","managementEvent":${category === 'Management'},"recipientAccountId":"${account}",` +
    `"eventCategory":"${category}","eventTime":"`
  );
}

interface KnownHead {
  readonly call: IncomingCall;
  readonly caller: Caller;
  readonly text: string;
}

function hasHead(known: KnownHead, call: IncomingCall, caller: Caller): boolean {
  return (
    known.caller.identityJson === caller.identityJson &&
    known.caller.region === caller.region &&
    known.call.origin.sourceAddress === call.origin.sourceAddress &&
    known.call.origin.userAgent === call.origin.userAgent &&
    known.call.eventSource === call.eventSource &&
    known.call.readOnly === call.readOnly &&
    known.call.category === call.category &&
    known.call.account === call.account
  );
}

/** The last head of each event's name: clients call again and again. A text that is made of few pieces is written at a third of the cost. */
const knownHeads = new Map<string, KnownHead>();

function knownHead(call: IncomingCall, caller: Caller): string {
  const known = knownHeads.get(call.eventName);
  if (known && hasHead(known, call, caller)) return known.text;
  // Through bytes, because what was put together stays in its pieces until somebody reads it.
  const text = Buffer.from(callHead(call, caller)).toString();
  knownHeads.set(call.eventName, { call, caller, text });
  return text;
}

function callStart(call: IncomingCall, caller: Caller, requestJson: string): string {
  return `${knownHead(call, caller)}${secondText(call.at)}","requestID":"${call.requestId}","requestParameters":${requestJson}`;
}

/** A call that is about to change something: what is known before. */
export function attemptBody(call: IncomingCall, caller: Caller, requestJson = 'null'): string {
  return `"attempt":${callStart(call, caller, requestJson)}}`;
}

/** A call and how it ended, in the form of a CloudTrail record. */
export function callBody(call: IncomingCall, caller: Caller, outcome: CallOutcome): string {
  const { requestJson = 'null', errorCode, errorMessage = '', responseJson = 'null', keys } = outcome;
  const error =
    errorCode === undefined
      ? ''
      : `,"errorCode":"${errorCode}","errorMessage":${JSON.stringify(cut(errorMessage, LONGEST_MESSAGE))}`;
  return (
    `"event":${callStart(call, caller, requestJson)},"responseElements":${responseJson}${error},"eventID":"${randomUUID()}",` +
    `"resources":${resourcesJson(keys, call.account)}}`
  );
}

function serviceHead(
  { eventName, eventSource = OWN_SOURCE, region = 'unknown' }: ServiceEvent,
  account: string,
  at: number,
): string {
  const identity = `{"accountId":"${account}","invokedBy":"${eventSource}"}`;
  const origin = `"sourceIPAddress":"${eventSource}","userAgent":"${eventSource}",`;
  return `${head(eventSource, eventName, identity, region)}"eventTime":"${secondText(at)}",${origin}`;
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
