import { hideMaterial } from '../api/failure.ts';
import { keepLast, remembered } from '../memo.ts';

/** Where events of AWS's operations come from, in CloudTrail's words; the service's own have another source. */
export const AWS_SOURCE = 'payment-cryptography.amazonaws.com';
export const OWN_SOURCE = 'keywright';

const EVENT_VERSION = '1.11';
const LONGEST_AGENT = 512;

const textOfSecond = keepLast((second: number) =>
  new Date(second * 1000).toISOString().replace('.000Z', 'Z'),
);

/** ISO 8601 in whole seconds, as CloudTrail has it; the record that holds the event tells the millisecond. */
export function secondText(at: number): string {
  return textOfSecond(Math.floor(at / 1000));
}

/** A text of a bounded length. */
export function cut(text: string, longest: number): string {
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

/** The keys of an event. */
export function resourcesJson(keys: readonly string[], account: string): string {
  return `[${keys.map(resourceJson(account)).join(',')}]`;
}

/** How every event begins. */
export function eventHead(
  eventSource: string,
  eventName: string,
  identityJson: string,
  region: string,
): string {
  return (
    `{"eventVersion":"${EVENT_VERSION}","userIdentity":${identityJson},"eventSource":"${eventSource}",` +
    `"eventName":"${eventName}","awsRegion":"${region}",`
  );
}
