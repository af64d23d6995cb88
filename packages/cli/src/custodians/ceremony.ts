/** A ceremony, as the service tells. */
export interface CeremonyAnswer {
  readonly ceremonyId: string;
  readonly kind: 'RECEIVE' | 'SEND';
  readonly keyName: string;
  readonly party: string;
  readonly usage: string;
  readonly algorithm: string;
  readonly exportable: boolean;
  readonly status: string;
  readonly keyArn?: string;
  readonly checkValue?: string;
  readonly openedBy: string;
  readonly openedAt: string;
  readonly expiresAt: string;
  readonly endedAt?: string;
  readonly components: readonly ComponentAnswer[];
}

export interface ComponentAnswer {
  readonly number: number;
  readonly custodian: string;
  readonly state: string;
  readonly checkValue?: string;
  readonly bagSerial?: string;
  readonly at?: string;
}

const KINDS = { RECEIVE: 'received from', SEND: 'sent to' } as const;

/** `/ceremonies/…`, the id escaped. */
export function placeOf(ceremonyId: string, step = ''): string {
  return `/ceremonies/${encodeURIComponent(ceremonyId)}${step}`;
}

function describeComponent({ number, custodian, state, checkValue, bagSerial, at }: ComponentAnswer): string {
  const facts = [
    `  component ${number}`,
    custodian,
    state,
    checkValue && `KCV ${checkValue}`,
    bagSerial && `bag ${bagSerial}`,
    at,
  ];
  return facts.filter(Boolean).join('  ');
}

export function summarizeCeremony({ ceremonyId, kind, keyName, party, status }: CeremonyAnswer): string {
  return `${ceremonyId}  ${status}  ${keyName}, ${KINDS[kind]} ${party}`;
}

export function describeCeremony(ceremony: CeremonyAnswer): string {
  const { algorithm, usage, keyArn, checkValue, openedBy, openedAt, expiresAt, endedAt, components } =
    ceremony;
  return [
    summarizeCeremony(ceremony),
    `  ${algorithm}, ${usage}`,
    ...(keyArn === undefined ? [] : [`  ${keyArn}`]),
    ...(checkValue === undefined ? [] : [`  KCV of the whole key ${checkValue}`]),
    `  opened ${openedAt} by ${openedBy}; ${endedAt === undefined ? `open until ${expiresAt}` : `ended ${endedAt}`}`,
    ...components.map(describeComponent),
  ].join('\n');
}
