interface Holder {
  readonly direction: 'IN' | 'OUT';
  readonly way: string;
  readonly counterpart: string;
  readonly party?: string;
  readonly firstAt: string;
}

interface ExposedKey {
  readonly keyArn: string;
  readonly usage: string;
  readonly checkValue: string;
  readonly state: string;
  readonly aliases: readonly string[];
  readonly under?: string;
  readonly holders: readonly Holder[];
}

/** What a compromised key exposes, as the service tells. */
export interface Compromise {
  readonly keys: readonly ExposedKey[];
  readonly terminals: readonly {
    readonly keySerialNumber: string;
    readonly baseKeyArn: string;
    readonly under: string;
  }[];
}

function describeHolder({ direction, way, counterpart, party, firstAt }: Holder): string {
  const verb = direction === 'OUT' ? 'went to' : 'came from';
  return `    ${verb} ${party ?? counterpart} by ${way}, first ${firstAt}`;
}

function describeKey({ keyArn, usage, checkValue, aliases, under, holders }: ExposedKey): string[] {
  const names = aliases.length > 0 ? `  ${aliases.join(' ')}` : '';
  return [
    `  ${keyArn}${names}`,
    `    ${usage}, KCV ${checkValue}${under === undefined ? '' : `, under ${under}`}`,
    ...holders.map(describeHolder),
  ];
}

/** @param disabled whether the first key was disabled */
export function describeCompromise({ keys, terminals }: Compromise, disabled: boolean): string {
  const [first, ...others] = keys;
  return [
    disabled ? 'The key is disabled:' : 'The key is as it was:',
    ...describeKey(first!),
    `${others.length} other keys are exposed${others.length > 0 ? ': rotate each of them' : ''}`,
    ...others.flatMap(describeKey),
    `${terminals.length} initial keys of terminals are exposed`,
    ...terminals.map(({ keySerialNumber, baseKeyArn }) => `  KSN ${keySerialNumber} of ${baseKeyArn}`),
  ].join('\n');
}
