import { openSoftwareTerminal } from '@keywright/terminal';
import { Failure } from '../failure.ts';
import type { FleetClient } from './fleet-client.ts';

/** Erases a software terminal, if it is the one that is meant. */
async function erase(directory: string, serial: string): Promise<void> {
  await using terminal = openSoftwareTerminal({ directory });
  const { serial: found } = await terminal.info();
  if (found !== serial)
    throw new Failure(`${directory} is terminal ${found}, not ${serial}: it was left as it is`);
  await terminal.zeroize();
}

/**
 * Takes a terminal out of service: the service first, so that no key goes to it any more, then the terminal itself.
 *
 * @throws Failure when the service refuses, or the directory is another terminal's
 */
export async function decommissionTerminal(
  fleet: FleetClient,
  serial: string,
  { reason, directory }: { readonly reason: string; readonly directory?: string },
): Promise<void> {
  await fleet.send('POST', `/terminals/${encodeURIComponent(serial)}/decommission`, { reason });
  console.log(`terminal ${serial} is out of service; its KEK is switched off and will be deleted`);
  if (directory === undefined) return console.log('its keys were not erased: zeroize the device');
  await erase(directory, serial);
  console.log('its keys were erased');
}
