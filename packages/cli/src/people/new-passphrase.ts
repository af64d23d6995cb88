import type { Questions } from './questions.ts';

/** As in the service (custody/passphrase-main-key.ts). */
const FEWEST_CHARACTERS = 12;

/** Asks for a new passphrase, twice. */
export async function askNewPassphrase(questions: Pick<Questions, 'askSecret'>): Promise<string> {
  const check = (answer: string) =>
    [...answer].length < FEWEST_CHARACTERS ? `at least ${FEWEST_CHARACTERS} characters` : undefined;
  const passphrase = await questions.askSecret('New passphrase', check);
  const same = (answer: string) => (answer === passphrase ? undefined : 'not the same');
  await questions.askSecret('The same again', same);
  return passphrase;
}
