import { X509Certificate } from 'node:crypto';
import type { Session, Team } from './approvals-client.ts';

/** What is asked for, in words; a certificate by what tells it apart. */
function subject({ operation, keyArn, certificate }: Session): string[] {
  if (operation === 'DisassociateMpaTeam') return ['to remove the team from the import of root certificates'];
  const lines = [`to trust a root certificate, ${keyArn}`];
  if (certificate === undefined) return lines;
  const { subject: name, fingerprint256 } = new X509Certificate(certificate);
  return [...lines, `subject      ${name.replaceAll('\n', ', ')}`, `SHA-256      ${fingerprint256}`];
}

function names(list: readonly string[]): string {
  return list.length === 0 ? 'nobody' : list.join(', ');
}

/** A session in words, for the person who decides. */
export function describeSession(session: Session): string {
  const { sessionArn, status, requester, comment = '', threshold, approvedBy, deniedBy, expiresAt } = session;
  // Typed by the requester: nothing of it may move the cursor or pass for another line.
  const said = JSON.stringify(comment);
  const lines = [
    ...subject(session),
    `requested by ${requester}`,
    `comment      ${said}`,
    `approved by  ${names(approvedBy)}, of ${threshold} needed`,
    `denied by    ${names(deniedBy)}`,
    `expires      ${expiresAt}`,
  ];
  return [`${sessionArn} ${status}`, ...lines.map((line) => `  ${line}`)].join('\n');
}

export function describeTeam({ teamArn, members, threshold }: Team): string {
  return `${teamArn}\n  ${threshold} of ${members.length}: ${members.join(', ')}`;
}
