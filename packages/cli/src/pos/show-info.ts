import { type KeyInfo, TerminalError } from '@keywright/terminal';
import { Failure } from '../failure.ts';
import { connectTerminal, type TerminalAddress } from './connect.ts';

function describe({ slot, keyUsage, algorithm, modeOfUse, kcv, ksn }: KeyInfo): string {
  const attributes = [keyUsage, algorithm, modeOfUse].filter((value) => value !== undefined).join(' ');
  const rest = [attributes, kcv && `KCV ${kcv}`, ksn && `KSN ${ksn}`].filter(Boolean).join(', ');
  return `  ${slot.padEnd(12)} ${rest}`.trimEnd();
}

/** @throws Failure when the terminal does not answer, or refuses */
export async function showInfo(address: TerminalAddress, json: boolean): Promise<void> {
  await using terminal = await connectTerminal(address);
  try {
    const info = await terminal.info();
    if (json) return console.log(JSON.stringify(info));
    console.log(`${info.model ?? 'terminal'}, serial ${info.serial}: ${info.state}`);
    for (const key of info.keys) console.log(describe(key));
  } catch (error) {
    if (error instanceof TerminalError) throw new Failure(`${error.code}: ${error.message}`);
    throw error;
  }
}
