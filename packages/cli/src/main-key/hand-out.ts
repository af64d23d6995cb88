import { type HandedShares, MainKeyError } from '@keywright/service';
import type { Prompts } from '../ceremony/prompts.ts';
import { formatShareSheet } from './share-sheet.ts';

/** Prints a sheet; where there is no printer the sheets are shown on the screen, one after the other. */
export type Print = (sheet: string) => Promise<void>;

/** What is wrong with a share that was typed, or undefined. */
export function checkShare(fits: (typed: string) => boolean, otherwise: string) {
  return (typed: string): string | undefined => {
    try {
      return fits(typed) ? undefined : otherwise;
    } catch (error) {
      if (error instanceof MainKeyError) return error.message;
      throw error;
    }
  };
}

async function handOutOne(prompts: Prompts, made: HandedShares, index: number, print?: Print): Promise<void> {
  const { shares } = made.set;
  const sheet = formatShareSheet({ ...made.set, index, text: made.text(index) });
  const place = print ? 'at the printer' : 'at the screen';
  while (!(await prompts.confirm(`Custodian ${index} of ${shares}: are you alone ${place}?`)));
  if (print) await print(sheet);
  else await prompts.showAlone(sheet, 'Written down? The screen is then cleared');
  const check = checkShare((typed) => made.matches(index, typed), `this is not share ${index}`);
  await prompts.askSecret(`Custodian ${index}: type the share again, from your sheet`, check);
  prompts.say(`Share ${index} of ${shares} is handed out and was typed back`);
}

/**
 * Gives each custodian his share, once, and makes him type it back; then the shares become the main key.
 *
 * @throws Aborted when somebody breaks off; nothing is then kept
 */
export async function handOutShares(prompts: Prompts, made: HandedShares, print?: Print): Promise<void> {
  for (let index = 1; index <= made.set.shares; index += 1) await handOutOne(prompts, made, index, print);
}
