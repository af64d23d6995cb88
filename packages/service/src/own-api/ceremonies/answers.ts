import type { CeremonyContext } from '../../ceremony/ceremony.ts';
import { RECEIVED_MODES } from '../../ceremony/open-ceremony.ts';
import { keyArn } from '../../operations/key-identifier.ts';
import type { CeremonyRecord, ComponentRecord } from '../../store/records/ceremony.ts';
import type { OwnContext, Schema } from '../route.ts';
import { isoTime, listOf, NAME, objectOf, TEXT, TIME } from '../schemas.ts';

export const tag = 'Ceremonies';

export const CEREMONY_ID: Schema = { type: 'string', maxLength: 64 };
export const CHECK_VALUE: Schema = {
  type: 'string',
  pattern: '^(?:[0-9A-Fa-f]{2}){3,8}$',
  description: '6 to 16 hexadecimal digits',
};
export const BAG_SERIAL: Schema = {
  type: 'string',
  pattern: '^[\\x21-\\x7e]{1,64}$',
  description: 'serial number of the tamper-evident bag: 1 to 64 printable characters',
};
export const KEY_NAME: Schema = {
  type: 'string',
  pattern: '^[\\x21-\\x7e](?:[\\x20-\\x7e]{0,62}[\\x21-\\x7e])?$',
};
export const CUSTODIANS: Schema = { type: 'array', items: NAME, minItems: 2, maxItems: 9, uniqueItems: true };
export const USAGES = Object.keys(RECEIVED_MODES);
export const ALGORITHMS = ['TDES_2KEY', 'TDES_3KEY', 'AES_128', 'AES_192', 'AES_256'] as const;

const COMPONENT = objectOf(
  {
    number: { type: 'integer' },
    custodian: NAME,
    state: { enum: ['WAITING', 'ENTERED', 'PRINTED', 'DESTROYED'] },
    checkValue: TEXT,
    bagSerial: TEXT,
    at: TIME,
  },
  ['checkValue', 'bagSerial', 'at'],
);

export const CEREMONY: Schema = objectOf(
  {
    ceremonyId: TEXT,
    kind: { enum: ['RECEIVE', 'SEND'] },
    keyName: TEXT,
    party: TEXT,
    usage: TEXT,
    algorithm: TEXT,
    exportable: { type: 'boolean' },
    status: { enum: ['OPEN', 'COMPLETED', 'ABORTED', 'MISMATCH', 'EXPIRED'] },
    keyArn: TEXT,
    checkValue: TEXT,
    openedBy: TEXT,
    openedAt: TIME,
    expiresAt: TIME,
    endedAt: TIME,
    components: listOf(COMPONENT),
  },
  ['keyArn', 'checkValue', 'endedAt'],
);

/** What a ceremony works with: who asks, by name. */
export function ceremonyContext(context: OwnContext): CeremonyContext {
  return { ...context, user: context.principal.name, action: 'ImportKey' };
}

/** Whoever leads or audits ceremonies sees each check value; a custodian his own alone. */
function seesAll({ principal: { roles } }: OwnContext): boolean {
  return roles.some((role) => role !== 'custodian');
}

function componentAnswer(component: ComponentRecord, context: OwnContext): object {
  const { number, custodian, state, checkValue, bagSerial, at } = component;
  const shown = seesAll(context) || custodian === context.principal.name;
  return {
    number,
    custodian,
    state,
    ...(shown && checkValue !== undefined && { checkValue }),
    ...(bagSerial !== undefined && { bagSerial }),
    ...(at !== undefined && { at: isoTime(at) }),
  };
}

export async function ceremonyAnswer(ceremony: CeremonyRecord, context: OwnContext): Promise<object> {
  const { region, ceremonyId, keyId, attributes, checkValue, endedAt } = ceremony;
  const components = await context.store.listComponents(region, ceremonyId);
  return {
    ceremonyId,
    kind: ceremony.kind,
    keyName: ceremony.keyName,
    party: ceremony.party,
    usage: attributes.KeyUsage,
    algorithm: attributes.KeyAlgorithm,
    exportable: ceremony.exportable,
    status: ceremony.status,
    ...(keyId !== undefined && { keyArn: keyArn(context.account, region, keyId) }),
    ...(checkValue !== undefined && { checkValue }),
    openedBy: ceremony.requester,
    openedAt: isoTime(ceremony.openedAt),
    expiresAt: isoTime(ceremony.expiresAt),
    ...(endedAt !== undefined && { endedAt: isoTime(endedAt) }),
    components: components.map((component) => componentAnswer(component, context)),
  };
}
