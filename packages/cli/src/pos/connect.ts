import type { PosTerminal } from '@keywright/terminal';
import {
  connectTcp,
  L100Terminal,
  openSerialPort,
  Pp791Terminal,
  QposTerminal,
  type SerialOptions,
  type TcpOptions,
} from '@keywright/terminal/drivers';
import { Failure } from '../failure.ts';

const DRIVERS = { l100: L100Terminal, pp791: Pp791Terminal, qpos: QposTerminal } as const;

/** A terminal at a serial port, or over TCP. */
export type TerminalAddress = { readonly driver: keyof typeof DRIVERS } & (
  | { readonly serial: SerialOptions }
  | { readonly tcp: TcpOptions }
);

/** @throws Failure when there is no way to it */
export async function connectTerminal(address: TerminalAddress): Promise<PosTerminal> {
  try {
    const line = await ('tcp' in address ? connectTcp(address.tcp) : openSerialPort(address.serial));
    return new DRIVERS[address.driver](line);
  } catch (error) {
    throw new Failure((error as Error).message);
  }
}
