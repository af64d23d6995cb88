/** What stands on one custodian's sheet. */
export interface ShareSheet {
  readonly setId: string;
  readonly index: number;
  readonly shares: number;
  readonly threshold: number;
  readonly mainKeyId: string;
  /** The share, in groups of 4 characters. */
  readonly text: string;
}

/** Groups a line. */
const WIDTH = 5;

/** One custodian's sheet, for the screen or a printer. It holds the share in clear. */
export function formatShareSheet(sheet: ShareSheet): string {
  const groups = sheet.text.split(' ');
  const [first, ...others] = groups.flatMap((_, i) =>
    i % WIDTH === 0 ? [groups.slice(i, i + WIDTH).join(' ')] : [],
  );
  return [
    'MAIN KEY SHARE',
    '',
    `Main key       ${sheet.mainKeyId.toLowerCase()}`,
    `Set            ${sheet.setId}`,
    `Share          ${sheet.index} of ${sheet.shares}; any ${sheet.threshold} make the key`,
    '',
    `Value          ${first}`,
    ...others.map((line) => `               ${line}`),
    '',
    'Custodian      ______________________________',
    'Date           ______________________________',
    '',
  ].join('\n');
}
