import { createInterface } from 'node:readline';
import type { Check, Prompts } from '../ceremony/prompts.ts';
import { Failure } from '../failure.ts';

/** What the commands of people ask for. */
export type Questions = Pick<Prompts, 'ask' | 'askSecret' | 'confirm' | 'showAlone' | 'say'>;

/** Standard input keeps the program running only while an answer is waited for: a pipe may stay open. */
function holdInput(waiting: boolean): void {
  const input: { ref?: () => unknown; unref?: () => unknown } = process.stdin;
  if (waiting) input.ref?.();
  else input.unref?.();
}

/** Answers from standard input, a line each, where no terminal is: for programs. Nothing of them is shown. */
function lineQuestions(): Questions {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const next = async (message: string, check: Check) => {
    holdInput(true);
    const { value, done } = await lines.next();
    holdInput(false);
    if (done) throw new Failure(`${message} is to be the next line of standard input, which has ended`);
    const wrong = check(value);
    if (wrong !== undefined) throw new Failure(`${message}: ${wrong}`);
    return value;
  };
  return {
    ask: next,
    askSecret: next,
    confirm: async () => true,
    say: (message) => console.error(message),
    showAlone: async (text) => console.log(text),
  };
}

/** At a terminal, passwords and codes are masked while they are typed; they are never arguments. */
export async function openQuestions(): Promise<Questions> {
  if (!process.stdin.isTTY) return lineQuestions();
  return (await import('../ceremony/terminal-prompts.ts')).terminalPrompts;
}

export const notEmpty: Check = (answer) => (answer === '' ? 'must not be empty' : undefined);
export const sixDigits: Check = (answer) => (/^\d{6}$/.test(answer) ? undefined : 'must be six digits');
