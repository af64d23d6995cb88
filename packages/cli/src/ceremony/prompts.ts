/** Somebody broke the ceremony off. */
export class Aborted extends Error {
  override readonly name = 'Aborted';
}

export interface Choice<Value> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string;
}

/** What is wrong with an answer, or undefined. */
export type Check = (answer: string) => string | undefined;

/** How a ceremony speaks with the people at the terminal. Every question throws `Aborted` when they break off. */
export interface Prompts {
  say(message: string): void;
  warn(message: string): void;
  choose<Value extends string>(message: string, choices: readonly Choice<Value>[]): Promise<Value>;
  ask(message: string, check: Check): Promise<string>;
  /** The answer is masked on the screen. */
  askSecret(message: string, check: Check): Promise<string>;
  confirm(message: string): Promise<boolean>;
  /** Shows `text` alone until its reader is done with it; nothing of it stays on the screen. */
  showAlone(text: string, done: string): Promise<void>;
}
