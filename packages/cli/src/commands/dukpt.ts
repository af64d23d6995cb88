import type { Command } from 'commander';

const HELP = `
A line in:   {"bdk":"…","ksn":"FFFF9876543210E00001","usage":"pin"}
A line out:  {"ok":true,"kcv":"…"}, with --show-clear "key" too; or {"ok":false,"code":"…","message":"…"}

ksn:      20 hexadecimal digits for TDES DUKPT, 24 for AES DUKPT
usage:    initial, pin, mac-request, mac-response, mac-both, data-request, data-response, data-both
keyType:  TDES_2KEY, TDES_3KEY, AES_128, AES_192, AES_256; the BDK's own where it is left out

Example:
  $ echo '{"bdk":"0123456789ABCDEFFEDCBA9876543210","ksn":"FFFF9876543210E00000","usage":"initial"}' \\
      | keywright dukpt derive --ndjson`;

export function register(program: Command): void {
  const dukpt = program.command('dukpt').description('derive DUKPT keys');
  dukpt
    .command('derive')
    .description('derive keys from a BDK, as the host does')
    .requiredOption('--ndjson', 'read one JSON object a line, answer one a line')
    .option('--show-clear', 'show the clear keys')
    .addHelpText('after', HELP)
    .action(async ({ showClear = false }: { showClear?: boolean }) => {
      const [{ answerBatch }, { deriveLine }] = await Promise.all([
        import('../batch/ndjson.ts'),
        import('../batch/dukpt.ts'),
      ]);
      await answerBatch(deriveLine({ showClear }));
    });
}
