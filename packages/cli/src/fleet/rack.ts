import type { PosTerminal } from '@keywright/terminal';

/** The terminals beside an agent. */
export interface Rack {
  /** Serial numbers of those that can be reached now. */
  serials(): Promise<readonly string[]>;
  /** One terminal, switched on or connected; the caller disposes of it. @throws Error when it can't be reached */
  open(serial: string): Promise<PosTerminal>;
}
