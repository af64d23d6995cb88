/** What was wrong with a frame: its check bytes, its length, a byte that does not belong into it, or its end. */
export type Damage = 'CHECK' | 'LENGTH' | 'CHARACTER' | 'END';

/** A frame that did not arrive as it was sent. */
export interface Damaged {
  readonly kind: 'damaged';
  readonly reason: Damage;
}

/**
 * Cuts frames out of what a line brings. It takes anything: noise between frames, frames in pieces, several at once. It never
 * throws, and keeps no more than one unfinished frame.
 */
export interface FrameParser<Unit> {
  /** Takes bytes as they come; gives what became whole with them. */
  push(chunk: Uint8Array): Unit[];
  /** The line is silent: an unfinished frame was none. Gives its damage, and what was hidden behind a false beginning. */
  flush(): Unit[];
}

/** The exclusive or of all bytes: the LRC of every protocol here. */
export function lrcOf(bytes: Uint8Array): number {
  return bytes.reduce((lrc, byte) => lrc ^ byte, 0);
}
