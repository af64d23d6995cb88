import { text } from 'node:stream/consumers';
import type { LoadOptions, LoadResult } from '@keywright/terminal';
import { Failure } from '../failure.ts';
import { connectTerminal, type TerminalAddress } from './connect.ts';

export interface SendKeyOptions extends Pick<LoadOptions, 'slot' | 'index' | 'ksn' | 'expectedKcv'> {
  json?: boolean;
}

function describe(result: LoadResult): string {
  if (!result.ok) {
    const code = result.deviceCode === undefined ? '' : ` (device: ${result.deviceCode})`;
    return `${result.status}${code}: ${result.message}\n${result.remedy}`;
  }
  const { slot, usage, kcv, ksn } = result;
  const told = [
    `${usage} into ${slot}`,
    kcv ? `KCV ${kcv}` : 'the terminal tells no KCV',
    ksn && `KSN ${ksn}`,
  ];
  return `loaded: ${told.filter(Boolean).join(', ')}`;
}

/** @throws Failure when the terminal did not take the block */
export async function sendKeyBlock(address: TerminalAddress, options: SendKeyOptions): Promise<void> {
  const block = (await text(process.stdin)).trim();
  if (block === '') throw new Failure('no key block on standard input');
  const { slot, index, ksn, expectedKcv } = options;
  await using terminal = await connectTerminal(address);
  const result = await send();
  if (options.json) console.log(JSON.stringify(result));
  if (!result.ok) throw new Failure(options.json ? '' : describe(result));
  if (!options.json) console.log(describe(result));

  async function send(): Promise<LoadResult> {
    try {
      return await terminal.sendTR31Key(block, {
        ...(slot !== undefined && { slot }),
        ...(index !== undefined && { index }),
        ...(ksn !== undefined && { ksn }),
        ...(expectedKcv !== undefined && { expectedKcv }),
      });
    } catch (error) {
      if (error instanceof RangeError) throw new Failure(error.message);
      throw error;
    }
  }
}
