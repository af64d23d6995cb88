/** What goes wrong between two ends before either says anything of keys. */
export const LINE_FAULTS = {
  NO_ANSWER: 'nothing came back in time, or nothing that was whole, and the repeats are used up',
  NOT_ACKNOWLEDGED:
    'the other end took none of the repeats: it answered NAK each time, or ended the exchange',
  UNEXPECTED_ANSWER: 'the other end answered something that the protocol does not have at this point',
  LINE_CLOSED: 'the line is closed, or broke',
} as const;

export type LineFault = keyof typeof LINE_FAULTS;

/** The line failed; what the terminal thinks of the request is not known. */
export class LineError extends Error {
  override readonly name = 'LineError';
  readonly code: LineFault;

  constructor(code: LineFault, message: string = LINE_FAULTS[code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
