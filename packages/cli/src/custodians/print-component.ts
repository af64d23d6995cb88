import { Secret } from '@keywright/crypto';
import { KEK_ALGORITHMS, type KekAlgorithm } from '../ceremony/kek-algorithm.ts';
import { printWithLp } from '../ceremony/line-printer.ts';
import { formatSheet } from '../ceremony/sheet.ts';
import type { OwnClient } from '../people/own-client.ts';
import type { Questions } from '../people/questions.ts';
import { type CeremonyAnswer, placeOf } from './ceremony.ts';
import { checkSerial } from './enter-component.ts';
import { type SheetContent, sheetPage } from './sheet-page.ts';

type PrintedComponent = Pick<SheetContent, 'number' | 'of' | 'component' | 'checkValue' | 'keyCheckValue'>;

export interface PrintOptions {
  /** On the screen, and on no printer. */
  readonly screen: boolean;
  readonly print?: (page: Buffer) => Promise<void>;
}

async function show(questions: Questions, { keyName, algorithm }: CeremonyAnswer, printed: PrintedComponent) {
  using component = Secret.fromHex(printed.component, 'component');
  const { number, of: count, checkValue: componentKcv, keyCheckValue: keyKcv } = printed;
  const sheet = {
    keyName,
    algorithm: algorithm as KekAlgorithm,
    number,
    count,
    component,
    componentKcv,
    keyKcv,
  };
  await questions.showAlone(formatSheet(sheet), 'Written down and checked? The screen is then cleared');
}

/** One custodian takes his sheet: once, and he alone is at the printer. @returns what to tell him */
export async function printComponent(
  client: OwnClient,
  questions: Questions,
  ceremonyId: string,
  { screen, print = printWithLp }: PrintOptions,
): Promise<string> {
  const ceremony = await client.send<CeremonyAnswer>('GET', placeOf(ceremonyId));
  const { keyName, party, algorithm } = ceremony;
  if (!Object.hasOwn(KEK_ALGORITHMS, algorithm)) throw new TypeError(`a ceremony of ${algorithm}`);
  const bagSerial = await questions.ask('Serial number of the bag that the sheet goes into', checkSerial);
  while (!(await questions.confirm(`Are you alone at the ${screen ? 'screen' : 'printer'}?`)));
  const printed = await client.send<PrintedComponent>('POST', placeOf(ceremonyId, '/sheet'), { bagSerial });
  if (screen) await show(questions, ceremony, printed);
  else {
    const custodian = client.person ?? '';
    await print(await sheetPage({ ...printed, keyName, party, algorithm, custodian, bagSerial }));
  }
  return (
    `Component ${printed.number} of ${printed.of}: its KCV is ${printed.checkValue}. No copy is kept: if the sheet is spoilt, ` +
    'have the ceremony aborted and another opened.'
  );
}
