import { encodeHex, keyCheckValue, matchKeyCheckValue, Secret } from '@keywright/crypto';
import { conflict, invalid } from '../api/exceptions.ts';
import { symmetricRules } from '../policy/symmetric-algorithm.ts';
import type { CeremonyRecord, ComponentRecord } from '../store/records/ceremony.ts';
import { type CeremonyContext, findOpenCeremony, findOwnComponent } from './ceremony.ts';
import { checkExposure, exposuresIn } from './exposure.ts';
import { componentAlgorithm } from './open-ceremony.ts';

export interface EnteredComponent {
  /** Hexadecimal digits, as long as the key. */
  readonly component: string;
  /** On the sheet; compared when it is given. */
  readonly checkValue?: string;
  readonly bagSerial: string;
}

/** A sheet, as its custodian prints it. */
export interface PrintedComponent {
  readonly number: number;
  readonly of: number;
  readonly component: string;
  readonly checkValue: string;
  readonly keyCheckValue: string;
}

function readComponent({ component }: EnteredComponent, { attributes }: CeremonyRecord): Secret {
  const digits = 2 * symmetricRules(attributes.KeyAlgorithm).keyLength;
  if (/^[0-9A-Fa-f]*$/.test(component) && component.length === digits) {
    return Secret.fromHex(component, 'component');
  }
  throw invalid(
    `component has ${component.length} characters: for a key of ${attributes.KeyAlgorithm} it must be ${digits} hexadecimal digits.`,
  );
}

function checkAgainstSheet(component: Secret, stated: string | undefined, ceremony: CeremonyRecord): string {
  const algorithm = componentAlgorithm(ceremony.attributes);
  const checkValue = keyCheckValue(algorithm, component);
  if (stated === undefined || matchKeyCheckValue(algorithm, component, stated)) return checkValue;
  throw invalid(
    'checkValue is not that of component: look for a slip in what was typed, and enter both again.',
  );
}

async function replace(
  ceremony: CeremonyRecord,
  component: ComponentRecord,
  { store, now }: CeremonyContext,
): Promise<void> {
  const exposures = exposuresIn(ceremony, component, now());
  if (await store.replaceComponent(component, 'WAITING', exposures)) return;
  throw conflict(
    `Component ${component.number} of ceremony ${ceremony.ceremonyId} was changed by another request.`,
  );
}

/**
 * Takes one custodian's component of a key that is received. He learns its check value, and nothing of the others.
 *
 * @throws AwsException when he has none to enter, has seen another, or it is not as on the sheet
 */
export async function enterComponent(
  ceremonyId: string,
  input: EnteredComponent,
  context: CeremonyContext,
): Promise<ComponentRecord> {
  const ceremony = await findOpenCeremony(ceremonyId, context);
  if (ceremony.kind !== 'RECEIVE')
    throw conflict(`Ceremony ${ceremonyId} sends a key: its sheets are printed.`);
  const waiting = await findOwnComponent(ceremony, 'WAITING', context);
  await checkExposure(ceremony, waiting.custodian, waiting.number, context.store);
  using component = readComponent(input, ceremony);
  const checkValue = checkAgainstSheet(component, input.checkValue, ceremony);
  const entered = {
    ...waiting,
    state: 'ENTERED',
    checkValue,
    bagSerial: input.bagSerial,
    at: context.now(),
  } as const;
  const sealed = await context.vault.sealComponent(entered, component);
  await replace(ceremony, sealed, context);
  return sealed;
}

/**
 * Gives one custodian the component of a key that is sent, for his sheet, and keeps no copy: it can't be had again. A sheet that was
 * spoilt voids the ceremony.
 *
 * @throws AwsException when he has none to print, or has printed it
 */
export async function printComponent(
  ceremonyId: string,
  { bagSerial }: { readonly bagSerial: string },
  context: CeremonyContext,
): Promise<PrintedComponent> {
  const ceremony = await findOpenCeremony(ceremonyId, context);
  if (ceremony.kind !== 'SEND')
    throw conflict(`Ceremony ${ceremonyId} receives a key: its sheets are entered.`);
  const waiting = await findOwnComponent(ceremony, 'WAITING', context);
  await checkExposure(ceremony, waiting.custodian, waiting.number, context.store);
  const { region } = ceremony;
  const count = (await context.store.listComponents(region, ceremonyId)).length;
  using component = await context.vault.openComponent(waiting);
  const { sealed, ...printed } = {
    ...waiting,
    state: 'PRINTED',
    bagSerial,
    at: context.now(),
  } as const;
  // Destroyed before it is given: were the answer lost on the way, nobody could say who has it.
  await replace(ceremony, printed, context);
  return {
    number: waiting.number,
    of: count,
    component: component.expose(encodeHex),
    checkValue: waiting.checkValue!,
    keyCheckValue: ceremony.checkValue!,
  };
}
