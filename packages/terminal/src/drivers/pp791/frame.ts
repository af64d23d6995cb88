// UIC PP791 Programmer's Manual UDN PM0103-U r06, section 4: two kinds of frames, which control characters begin and end, and
// an LRC over everything after the first byte; between them ACK, NAK and EOT.
import { concat } from '@keywright/crypto';
import { type Damage, type Damaged, type FrameParser, lrcOf } from '../frame-parser.ts';

/** Administration travels between SI and SO, transactions between STX and ETX. */
export const ENVELOPES = {
  admin: { start: 0x0f, end: 0x0e },
  transaction: { start: 0x02, end: 0x03 },
} as const;

export type Envelope = keyof typeof ENVELOPES;

export const CONTROLS = { ACK: 0x06, NAK: 0x15, EOT: 0x04 } as const;

export type Control = keyof typeof CONTROLS;

/** Separates fields. */
export const FS = '\x1c';

export interface Message {
  readonly kind: 'message';
  readonly envelope: Envelope;
  readonly text: string;
}

export type Unit = Message | { readonly kind: 'control'; readonly control: Control } | Damaged;

/** The longest published message has 270 bytes. */
const LONGEST_TEXT = 1024;

/** DC1, DC2, SUB, FS, GS and RS stand inside messages. */
const INNER_CONTROLS: readonly number[] = [0x11, 0x12, 0x1a, 0x1c, 0x1d, 0x1e];

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte <= 0x7e) || INNER_CONTROLS.includes(byte);
}

export const CONTROL_BYTES: Readonly<Record<Control, Uint8Array>> = {
  ACK: Uint8Array.of(CONTROLS.ACK),
  NAK: Uint8Array.of(CONTROLS.NAK),
  EOT: Uint8Array.of(CONTROLS.EOT),
};

/**
 * @param text at most 1024 characters: printable ASCII, DC1, DC2, SUB, FS, GS, RS
 * @throws RangeError
 */
export function encodeMessage(envelope: Envelope, text: string): Uint8Array {
  if (text.length > LONGEST_TEXT) {
    throw new RangeError(`message must be at most ${LONGEST_TEXT} characters, got ${text.length}`);
  }
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  if ([...text].some((character) => !isText(character.charCodeAt(0)))) {
    throw new RangeError('message must be ASCII without the control characters of frames');
  }
  const { start, end } = ENVELOPES[envelope];
  const checked = concat(bytes, Uint8Array.of(end));
  return concat(Uint8Array.of(start), checked, Uint8Array.of(lrcOf(checked)));
}

function envelopeOf(byte: number): Envelope | undefined {
  return (Object.keys(ENVELOPES) as Envelope[]).find((name) => ENVELOPES[name].start === byte);
}

function controlOf(byte: number): Control | undefined {
  return (Object.keys(CONTROLS) as Control[]).find((name) => CONTROLS[name] === byte);
}

/** Reads byte by byte: a control character that has no place in a message ends it, and counts for itself. */
export class Pp791Parser implements FrameParser<Unit> {
  #envelope: Envelope | undefined;
  #text = '';
  #lrc = 0;
  #ended = false;

  push(chunk: Uint8Array): Unit[] {
    const units: Unit[] = [];
    for (const byte of chunk) this.#take(byte, units);
    return units;
  }

  flush(): Unit[] {
    if (this.#envelope === undefined) return [];
    this.#envelope = undefined;
    return [{ kind: 'damaged', reason: 'END' }];
  }

  #take(byte: number, units: Unit[]): void {
    if (this.#envelope === undefined) this.#begin(byte, units);
    else if (this.#ended) this.#check(byte, units);
    else this.#read(byte, units);
  }

  /** Between messages; what is neither a beginning nor a control character is noise. */
  #begin(byte: number, units: Unit[]): void {
    this.#envelope = envelopeOf(byte);
    this.#text = '';
    this.#lrc = 0;
    this.#ended = false;
    const control = controlOf(byte);
    if (control !== undefined) units.push({ kind: 'control', control });
  }

  #read(byte: number, units: Unit[]): void {
    this.#lrc ^= byte;
    this.#ended = byte === ENVELOPES[this.#envelope!].end;
    if (this.#ended) return;
    if (!isText(byte)) this.#abandon('CHARACTER', byte, units);
    else if (this.#text.length === LONGEST_TEXT) this.#abandon('LENGTH', byte, units);
    else this.#text += String.fromCharCode(byte);
  }

  #check(lrc: number, units: Unit[]): void {
    if (lrc !== this.#lrc) {
      this.#abandon('CHECK', lrc, units);
    } else {
      units.push({ kind: 'message', envelope: this.#envelope!, text: this.#text });
      this.#envelope = undefined;
    }
  }

  /** The byte at which a message went wrong may be the first of the next one. */
  #abandon(reason: Damage, byte: number, units: Unit[]): void {
    units.push({ kind: 'damaged', reason });
    this.#envelope = undefined;
    if (reason === 'CHARACTER' || envelopeOf(byte) !== undefined) this.#begin(byte, units);
  }
}
