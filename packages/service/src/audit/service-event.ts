import { randomUUID } from 'node:crypto';
import { eventHead, OWN_SOURCE, resourcesJson, secondText } from './event.ts';

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

function serviceHead(
  { eventName, eventSource = OWN_SOURCE, region = 'unknown' }: ServiceEvent,
  account: string,
  at: number,
): string {
  const identity = `{"accountId":"${account}","invokedBy":"${eventSource}"}`;
  const origin = `"sourceIPAddress":"${eventSource}","userAgent":"${eventSource}",`;
  return `${eventHead(eventSource, eventName, identity, region)}"eventTime":"${secondText(at)}",${origin}`;
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
