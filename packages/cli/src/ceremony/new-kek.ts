import { adjustOddParity, randomBytes, Secret, type SplitKey, splitKey } from '@keywright/crypto';
import { type Ceremony, confirmAndImport, planImport } from './ceremony.ts';
import { askComponentCount, chooseAlgorithm, KEK_ALGORITHMS, type KekAlgorithm } from './kek-algorithm.ts';
import { formatSheet } from './sheet.ts';

export interface NewKekOptions {
  /** Prints a sheet; without it the sheets are shown on the screen, one after the other. */
  readonly print?: ((sheet: string) => Promise<void>) | undefined;
  /** False when the service is not to have the key. */
  readonly import: boolean;
}

function generateKey(algorithm: KekAlgorithm): Secret {
  const { cipher, length } = KEK_ALGORITHMS[algorithm];
  const random = Secret.take(randomBytes(length));
  if (cipher === 'AES') return random;
  using anyParity = random;
  return adjustOddParity(anyParity);
}

async function handOut(
  { prompts }: Ceremony,
  print: NewKekOptions['print'],
  key: { name: string; algorithm: KekAlgorithm; split: SplitKey },
): Promise<void> {
  const { components, kcv: keyKcv } = key.split;
  const count = components.length;
  for (const [i, { component, kcv: componentKcv }] of components.entries()) {
    const number = i + 1;
    const { name: keyName, algorithm } = key;
    const sheet = formatSheet({ keyName, algorithm, number, count, component, componentKcv, keyKcv });
    const place = print ? 'at the printer' : 'at the screen';
    while (!(await prompts.confirm(`Custodian ${number} of ${count}: are you alone ${place}?`)));
    if (print) await print(sheet);
    else await prompts.showAlone(sheet, 'Written down and checked? The screen is then cleared');
  }
}

/**
 * Makes a KEK as paper components for another party, and imports it into the service unless told otherwise.
 *
 * @throws Aborted or Failure; the service then has no new key, unless it was only the alias that failed
 */
export async function newKek(ceremony: Ceremony, options: NewKekOptions): Promise<void> {
  const { prompts } = ceremony;
  const algorithm = await chooseAlgorithm(prompts);
  await using plan = options.import ? await planImport(ceremony, algorithm) : undefined;
  const name = await prompts.ask('Name of the key, for its sheets', (answer) =>
    /^[\x20-\x7e]{1,60}$/.test(answer) ? undefined : '1 to 60 printable ASCII characters',
  );
  const count = await askComponentCount(prompts);
  using key = generateKey(algorithm);
  using held = new DisposableStack();
  const split = splitKey({ algorithm: KEK_ALGORITHMS[algorithm].cipher, key, count });
  for (const { component } of split.components) held.use(component);
  await handOut(ceremony, options.print, { name, algorithm, split });
  prompts.say(`Every component is handed out. The whole key has KCV ${split.kcv}`);
  if (plan !== undefined) await confirmAndImport(ceremony, plan, { key, kcv: split.kcv, algorithm });
}
