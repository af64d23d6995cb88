import { keyCheckValue, matchKeyCheckValue, Secret } from '@keywright/crypto';
import { checkKcv, ungroup } from '../ceremony/check-value.ts';
import { KEK_ALGORITHMS, type KekAlgorithm } from '../ceremony/kek-algorithm.ts';
import { checkComponent } from '../ceremony/receive.ts';
import type { OwnClient } from '../people/own-client.ts';
import type { Questions } from '../people/questions.ts';
import { type CeremonyAnswer, placeOf } from './ceremony.ts';

export const checkSerial = (answer: string) =>
  /^[\x21-\x7e]{1,64}$/.test(answer) ? undefined : '1 to 64 printable characters, without spaces';

/** What was typed, once it is what stands on the sheet. */
async function askComponent(
  questions: Questions,
  algorithm: KekAlgorithm,
): Promise<{ component: string; checkValue: string | undefined }> {
  const { cipher, length } = KEK_ALGORITHMS[algorithm];
  for (;;) {
    const typed = await questions.askSecret('The component on your sheet', checkComponent(length));
    const stated = await questions.ask('The KCV on your sheet (Enter if it has none)', (answer) =>
      answer === '' ? undefined : checkKcv(answer),
    );
    const component = ungroup(typed);
    if (stated === '') return { component, checkValue: undefined };
    using secret = Secret.fromHex(component, 'component');
    if (matchKeyCheckValue(cipher, secret, ungroup(stated)))
      return { component, checkValue: ungroup(stated) };
    questions.say(
      `What was typed has KCV ${keyCheckValue(cipher, secret)}, not that of the sheet. Type both again`,
    );
  }
}

/** One custodian enters his component; he alone is at the terminal. @returns what to tell him */
export async function enterComponent(
  client: OwnClient,
  questions: Questions,
  ceremonyId: string,
): Promise<string> {
  const ceremony = await client.send<CeremonyAnswer>('GET', placeOf(ceremonyId));
  const { keyName, party, algorithm } = ceremony;
  questions.say(`${keyName} from ${party}, ${algorithm}, in ${ceremony.components.length} components`);
  const bagSerial = await questions.ask('Serial number of the bag that you opened', checkSerial);
  const entered = await askComponent(questions, algorithm as KekAlgorithm);
  const answer = await client.send<{ number: number; checkValue: string }>(
    'POST',
    placeOf(ceremonyId, '/component'),
    {
      component: entered.component,
      bagSerial,
      ...(entered.checkValue && { checkValue: entered.checkValue }),
    },
  );
  return `Component ${answer.number} is in. Its KCV is ${answer.checkValue}. Put the sheet into a new bag, or destroy it.`;
}
