import { confirm, isCancel, log, password, select, text } from '@clack/prompts';
import { Aborted, type Check, type Prompts } from './prompts.ts';

/** xterm control sequences: the alternate screen has no scrollback that could keep a component. */
const ENTER_ALTERNATE_SCREEN = '\x1b[?1049h\x1b[2J\x1b[H';
const LEAVE_ALTERNATE_SCREEN = '\x1b[H\x1b[2J\x1b[3J\x1b[?1049l';

function answered<Answer>(answer: Answer): Exclude<Answer, symbol> {
  if (isCancel(answer)) throw new Aborted();
  return answer as Exclude<Answer, symbol>;
}

function toValidate(check: Check) {
  return (answer: string | undefined) => check(answer ?? '');
}

/** Questions at the terminal that the program was started from. */
export const terminalPrompts: Prompts = {
  say: (message) => log.info(message),
  warn: (message) => log.warn(message),
  async choose(message, choices) {
    const options = choices.map((choice) => ({ ...choice }));
    return answered(await select<string>({ message, options })) as never;
  },
  async ask(message, check) {
    return answered(await text({ message, validate: toValidate(check) })) ?? '';
  },
  async askSecret(message, check) {
    return answered(await password({ message, validate: toValidate(check), clearOnError: true }));
  },
  async confirm(message) {
    return answered(await confirm({ message, initialValue: false }));
  },
  async showAlone(sheet, done) {
    process.stdout.write(`${ENTER_ALTERNATE_SCREEN}${sheet}\n`);
    try {
      while (!answered(await confirm({ message: done, initialValue: false })));
    } finally {
      process.stdout.write(LEAVE_ALTERNATE_SCREEN);
    }
  },
};
