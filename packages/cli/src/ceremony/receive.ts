import {
  type CombinedKey,
  ComponentError,
  combineComponents,
  keyCheckValue,
  matchKeyCheckValue,
  Secret,
} from '@keywright/crypto';
import { Failure } from '../failure.ts';
import { checkKcv, ungroup } from './check-value.ts';
import { KEK_ALGORITHMS, type KekAlgorithm } from './kek-algorithm.ts';
import type { Prompts } from './prompts.ts';

/** @param length of the key in bytes */
export function checkComponent(length: number) {
  return (answer: string) => {
    const digits = ungroup(answer);
    if (/[^0-9A-Fa-f]/.test(digits))
      return 'hexadecimal digits only, grouped by spaces or dashes as you like';
    return digits.length === length * 2 ? undefined : `${length * 2} digits; you typed ${digits.length}`;
  };
}

/** One custodian's component, typed until it has the KCV on its sheet. */
async function askComponent(prompts: Prompts, algorithm: KekAlgorithm, title: string): Promise<Secret> {
  const { cipher, length } = KEK_ALGORITHMS[algorithm];
  for (;;) {
    const digits = await prompts.askSecret(`${title}: the component on the sheet`, checkComponent(length));
    using component = Secret.fromHex(ungroup(digits), title);
    const stated = await prompts.ask(`${title}: the KCV on the sheet (Enter if it has none)`, (answer) =>
      answer === '' ? undefined : checkKcv(answer),
    );
    const kcv = keyCheckValue(cipher, component);
    if (stated === '') prompts.warn(`${title}: KCV ${kcv}, compared with nothing`);
    else if (matchKeyCheckValue(cipher, component, ungroup(stated)))
      prompts.say(`${title}: KCV ${kcv}, as on the sheet`);
    else {
      prompts.warn(`${title}: what was typed has KCV ${kcv}, not that of the sheet. Please type both again`);
      continue;
    }
    return component.clone();
  }
}

function combine(algorithm: KekAlgorithm, components: readonly Secret[]): CombinedKey {
  try {
    return combineComponents({ algorithm: KEK_ALGORITHMS[algorithm].cipher, components });
  } catch (error) {
    if (error instanceof ComponentError) throw new Failure(`${error.message}. Nothing was imported`);
    throw error;
  }
}

/** Compares the key with what the other party says of it. @throws Failure when it is another key */
async function confirmKey(
  prompts: Prompts,
  algorithm: KekAlgorithm,
  { key, kcv }: CombinedKey,
): Promise<void> {
  const stated = await prompts.ask('KCV of the whole key, as the other party states it', checkKcv);
  const method = matchKeyCheckValue(KEK_ALGORITHMS[algorithm].cipher, key, ungroup(stated));
  if (method === undefined) {
    throw new Failure(
      `the components make a key with KCV ${kcv}, and the other party states ${ungroup(stated).toUpperCase()}: ` +
        'it is not the same key. Nothing was imported',
    );
  }
  if (method === 'AES_LEGACY_ECB') {
    prompts.say(
      `The stated KCV is the older one for AES, without CMAC; it is the same key. Its CMAC KCV is ${kcv}`,
    );
  } else prompts.say(`The whole key has KCV ${kcv}, as stated`);
}

/**
 * Receives a key from paper: the components one at a time, masked, each against its sheet, and the whole against the KCV
 * that the other party states.
 *
 * @throws Aborted when somebody breaks off; Failure when the components don't make the stated key
 */
export async function receiveKey(
  prompts: Prompts,
  algorithm: KekAlgorithm,
  count: number,
): Promise<CombinedKey> {
  using held = new DisposableStack();
  const components: Secret[] = [];
  for (let number = 1; number <= count; number += 1) {
    components.push(held.use(await askComponent(prompts, algorithm, `Component ${number} of ${count}`)));
  }
  const combined = combine(algorithm, components);
  using key = combined.key;
  await confirmKey(prompts, algorithm, combined);
  return { ...combined, key: key.clone() };
}
