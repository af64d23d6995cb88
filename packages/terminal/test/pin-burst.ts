// Run by power-cut.test.ts, and killed by it: encrypts PINs as fast as it can and writes each answer down.
import { writeSync } from 'node:fs';
import { openSoftwareTerminal } from '@keywright/terminal';
import { PAN, pin } from './support.ts';

using terminal = openSoftwareTerminal({ directory: process.argv[2]! });
for (;;) {
  for (const [slot, format] of [
    ['DUKPT-0', 0],
    ['DUKPT-1', 4],
  ] as const) {
    const { ksn, pinBlock } = await terminal.encryptPin({ slot, pin: pin(), pan: PAN, format });
    writeSync(1, `${ksn} ${pinBlock}\n`);
  }
}
