import { setTimeout } from 'node:timers/promises';
import { type AuditEvent, AuditFollower, type AuditRecord } from '@keywright/service/audit';
import { auditDirectory } from './directory.ts';

export interface TailCommand {
  readonly dataDir?: string;
  readonly follow?: boolean;
  readonly json?: boolean;
  readonly lines: number;
}

const POLL_TIME = 300;

/** A text of the record on one line of a terminal, whatever is in it. */
function printable(text: unknown): string {
  return String(text ?? '-').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}

function whoOf({ userIdentity }: AuditEvent): string {
  const { userName, arn, accessKeyId, invokedBy, type } = Object(userIdentity);
  if (userName || arn) return printable(userName ?? arn);
  if (invokedBy) return printable(invokedBy);
  return accessKeyId ? `(${printable(accessKeyId)})` : `(${printable(type).toLowerCase()})`;
}

/** The last parts of the ARNs of the keys. */
function keysOf({ resources }: AuditEvent): string {
  if (!Array.isArray(resources)) return '';
  return resources.map(({ ARN }) => printable(ARN).split(':').slice(5).join(':')).join(' ');
}

function formatRecord({ at, event = {} }: AuditRecord): string {
  const { eventName, awsRegion, sourceIPAddress, errorCode, errorMessage } = event;
  const outcome = errorCode === undefined ? 'ok' : `${printable(errorCode)}: ${printable(errorMessage)}`;
  const cells = [at, printable(eventName), whoOf(event), printable(awsRegion), printable(sourceIPAddress)];
  return [...cells, keysOf(event), outcome].filter((cell) => cell !== '').join('  ');
}

function print(records: readonly AuditRecord[], json: boolean): void {
  for (const record of records) console.log(json ? JSON.stringify(record) : formatRecord(record));
}

/** Prints the latest records and, where asked, what follows until it is interrupted. */
export async function tail({ dataDir, follow = false, json = false, lines }: TailCommand): Promise<void> {
  const follower = new AuditFollower(auditDirectory(dataDir));
  // Announced changes and checkpoints are for those who verify, or read everything.
  const next = () => follower.next().filter(({ event }) => json || event !== undefined);
  const latest = next();
  print(lines === 0 ? [] : latest.slice(-lines), json);
  while (follow) {
    await setTimeout(POLL_TIME);
    print(next(), json);
  }
}
