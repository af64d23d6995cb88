import { encodeHex, type Secret } from '@keywright/crypto';
import type { KekAlgorithm } from './kek-algorithm.ts';

/** What stands on one custodian's sheet. */
export interface Sheet {
  readonly keyName: string;
  readonly algorithm: KekAlgorithm;
  readonly number: number;
  readonly count: number;
  readonly component: Secret;
  readonly componentKcv: string;
  readonly keyKcv: string;
}

/** Groups of 4 digits, 4 groups a line. */
function group(digits: string): string[] {
  const groups = digits.match(/.{4}/g) ?? [];
  return groups.flatMap((_, i) => (i % 4 === 0 ? [groups.slice(i, i + 4).join(' ')] : []));
}

/** One custodian's sheet, for the screen or a printer. It holds the component in clear. */
export function formatSheet(sheet: Sheet): string {
  const [firstLine, ...otherLines] = group(sheet.component.expose(encodeHex));
  return [
    'KEY COMPONENT',
    '',
    `Key            ${sheet.keyName}`,
    `Algorithm      ${sheet.algorithm}`,
    `Component      ${sheet.number} of ${sheet.count}`,
    '',
    `Value          ${firstLine}`,
    ...otherLines.map((line) => `               ${line}`),
    '',
    `Component KCV  ${sheet.componentKcv}`,
    `Whole key KCV  ${sheet.keyKcv}`,
    '',
    'Custodian      ______________________________',
    'Date           ______________________________',
    '',
  ].join('\n');
}
