import type { Command } from 'commander';

const HELP = `
A line in:   {"key":"0123456789ABCDEFFEDCBA9876543210","algorithm":"TDES"}
A line out:  {"ok":true,"kcv":"08D7B4"} or {"ok":false,"code":"…","message":"…"}

algorithm: TDES (the cipher over zeros), AES (CMAC over zeros), AES_LEGACY_ECB (the cipher over zeros),
HMAC_SHA1, HMAC_SHA224, HMAC_SHA256, HMAC_SHA384, HMAC_SHA512 (over an empty message)

Example:
  $ echo '{"key":"0123456789ABCDEFFEDCBA9876543210","algorithm":"AES"}' | keywright kcv --ndjson`;

export function register(program: Command): void {
  program
    .command('kcv')
    .description('compute key check values')
    .requiredOption('--ndjson', 'read one JSON object a line, answer one a line')
    .addHelpText('after', HELP)
    .action(async () => {
      const [{ answerBatch }, { kcvOfLine }] = await Promise.all([
        import('../batch/ndjson.ts'),
        import('../batch/kcv.ts'),
      ]);
      await answerBatch(kcvOfLine);
    });
}
