import type { PosTerminal } from '@keywright/terminal';
import { Failure } from '../failure.ts';
import { connectTerminal, type TerminalAddress } from '../pos/connect.ts';
import type { Rack } from './rack.ts';

const ADDRESS =
  /^(pp791|l100|qpos)=(?:tcp:(?:\[([0-9A-Fa-f:]+)\]|([^:\s]+)):(\d{1,5})|serial:([^@\s]+)(?:@(\d{1,7}))?)$/;
const BAUD_RATE = 9600;

/** Reads `pp791=tcp:10.0.0.7:4001`, or `l100=serial:/dev/ttyUSB0@115200`. @throws Failure */
export function readAddress(text: string): TerminalAddress {
  const [, driver, v6, host, port, path, baud] = ADDRESS.exec(text) ?? [];
  if (driver === undefined) {
    throw new Failure(`--terminal ${text}: it must be DRIVER=tcp:HOST:PORT or DRIVER=serial:PORT[@BAUD]`);
  }
  const device = { driver: driver as TerminalAddress['driver'] };
  if (path !== undefined) return { ...device, serial: { path, baudRate: Number(baud ?? BAUD_RATE) } };
  return { ...device, tcp: { host: v6 ?? host!, port: Number(port) } };
}

async function serialAt(address: TerminalAddress): Promise<string> {
  await using terminal: PosTerminal = await connectTerminal(address);
  return (await terminal.info()).serial;
}

/** Terminals at lines of their own, by their addresses. */
export async function lineRack(addresses: readonly string[]): Promise<Rack> {
  const places = new Map<string, TerminalAddress>();
  for (const address of addresses.map(readAddress)) {
    const serial = await serialAt(address);
    if (places.has(serial)) throw new Failure(`two terminals say that they are ${serial}`);
    places.set(serial, address);
  }
  return {
    serials: async () => [...places.keys()],
    open: (serial) => connectTerminal(places.get(serial)!),
  };
}
