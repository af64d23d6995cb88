import { randomUUID } from 'node:crypto';
import { cut, eventHead, resourcesJson, secondText } from './event.ts';

const LONGEST_MESSAGE = 1024;

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

/** What the records of calls of one kind, from one client, have in common. */
function callHead(
  { eventSource, eventName, readOnly, category, account, origin }: IncomingCall,
  { identityJson, region }: Caller,
): string {
  return (
    eventHead(eventSource, eventName, identityJson, region) +
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
