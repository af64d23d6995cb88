import { Aborted, type Check, type Prompts } from '../../src/ceremony/prompts.ts';

/** In a script: somebody presses Ctrl-C. */
export const ABORT: unique symbol = Symbol('abort');

export type Line = string | boolean | typeof ABORT;

/**
 * Answers a ceremony's questions from a script, one line each, again where an answer is refused. `screen` is what stood on
 * the screen, masked answers and sheets left out; `sheets` are what was shown to one custodian alone.
 */
export class ScriptedPrompts implements Prompts {
  readonly #script: Line[];
  readonly screen: string[] = [];
  readonly sheets: string[] = [];

  constructor(script: readonly Line[]) {
    this.#script = [...script];
  }

  get unused(): readonly Line[] {
    return this.#script;
  }

  #next<Expected extends 'string' | 'boolean'>(question: string, type: Expected) {
    this.screen.push(question);
    const line = this.#script.shift();
    if (line === ABORT) throw new Aborted();
    if (typeof line !== type) throw new Error(`the script has ${String(line)} for: ${question}`);
    return line as Expected extends 'string' ? string : boolean;
  }

  #nextValid(question: string, check: Check): string {
    for (;;) {
      const answer = this.#next(question, 'string');
      const complaint = check(answer);
      if (complaint === undefined) return answer;
      this.screen.push(`refused: ${complaint}`);
    }
  }

  say(message: string): void {
    this.screen.push(message);
  }

  warn(message: string): void {
    this.screen.push(`warning: ${message}`);
  }

  async choose<Value extends string>(
    message: string,
    choices: readonly { readonly value: Value; readonly label: string }[],
  ): Promise<Value> {
    const answer = this.#next(message, 'string');
    const choice = choices.find(({ value, label }) => value === answer || label === answer);
    if (choice === undefined) throw new Error(`${answer} is no choice for: ${message}`);
    return choice.value;
  }

  async ask(message: string, check: Check): Promise<string> {
    return this.#nextValid(message, check);
  }

  async askSecret(message: string, check: Check): Promise<string> {
    return this.#nextValid(message, check);
  }

  async confirm(message: string): Promise<boolean> {
    return this.#next(message, 'boolean');
  }

  async showAlone(text: string, done: string): Promise<void> {
    this.sheets.push(text);
    this.#next(done, 'boolean');
  }
}
