import type { DerElement } from './der-reader.ts';
import { TAG } from './der-writer.ts';
import { Tr34Error, type Tr34ErrorCode } from './error.ts';

function nameTag(tag: number | undefined): string {
  return tag === undefined ? 'nothing' : `tag ${tag.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Takes the elements of a structure one after the other, by their tags. */
export class ElementReader {
  readonly #name: string;
  readonly #elements: readonly DerElement[];
  readonly #end: number;
  readonly #code: Tr34ErrorCode;
  #next = 0;

  /**
   * @param name of the structure, for messages
   * @param code of the errors; `STRUCTURE` unless given
   */
  constructor(parent: DerElement, name: string, code: Tr34ErrorCode = 'STRUCTURE') {
    this.#name = name;
    this.#elements = parent.children;
    this.#end = parent.position + parent.encoded.length;
    this.#code = code;
  }

  /** Reads what is inside a SEQUENCE that nobody has taken by its tag before. */
  static ofSequence(element: DerElement, name: string, code: Tr34ErrorCode = 'STRUCTURE'): ElementReader {
    if (element.tag === TAG.SEQUENCE) return new ElementReader(element, name, code);
    throw new Tr34Error(
      code,
      `${name}, position ${element.position}: a SEQUENCE expected, got ${nameTag(element.tag)}`,
    );
  }

  #refuse(element: DerElement | undefined, expected: string): Tr34Error {
    const position = element?.position ?? this.#end;
    const message = `${this.#name}, position ${position}: ${expected} expected, got ${nameTag(element?.tag)}`;
    return new Tr34Error(this.#code, message);
  }

  /** The next element, which must have this tag. */
  take(tag: number, what: string): DerElement {
    const element = this.#elements[this.#next];
    if (element?.tag !== tag) throw this.#refuse(element, `${what} (${nameTag(tag)})`);
    this.#next++;
    return element;
  }

  /** The next element if it has this tag. */
  takeOptional(tag: number): DerElement | undefined {
    const element = this.#elements[this.#next];
    if (element?.tag !== tag) return undefined;
    this.#next++;
    return element;
  }

  /** Nothing may be left. */
  finish(): void {
    const element = this.#elements[this.#next];
    if (element !== undefined) throw this.#refuse(element, 'the end');
  }
}
