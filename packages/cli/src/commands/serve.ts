import type { Command } from 'commander';

const HELP = `
It is set up by its environment:
  KEYWRIGHT_HOST             127.0.0.1
  KEYWRIGHT_PORT             3131; 0 picks one and prints it
  KEYWRIGHT_DATA_DIR         .keywright in the working directory
  KEYWRIGHT_ACCOUNT_ID       111122223333; 12 digits, part of every ARN
  KEYWRIGHT_MAIN_KEY         file; passphrase, shares, which custodians bring, or pkcs11
  KEYWRIGHT_PASSPHRASE_FILE  none; the file, of mode 0600, with the passphrase
  KEYWRIGHT_PKCS11_URI       none; where the token is that holds the main key
  KEYWRIGHT_ENVIRONMENT      development; bound into all that is sealed
  KEYWRIGHT_WORKERS          1; processes that answer requests
  KEYWRIGHT_METRICS          none; address and port for Prometheus, such as 127.0.0.1:9464
  KEYWRIGHT_QUOTA_KEYS       no limit; keys that a region may have
  KEYWRIGHT_QUOTA_ALIASES    no limit; aliases that a region may have
  KEYWRIGHT_RATE_CONTROL     no limit; requests a second to the control plane
  KEYWRIGHT_RATE_DATA        no limit; requests a second to the data plane
  KEYWRIGHT_CIPHER_ENGINE    fast; openssl
  KEYWRIGHT_AWS_SAMPLES      off; 1 answers what AWS's samples use of STS and Private CA

The first start writes an administrator's access key to aws-credentials in the data directory.

Example:
  $ keywright serve
  $ export AWS_SHARED_CREDENTIALS_FILE=.keywright/aws-credentials AWS_REGION=us-east-1
  $ aws payment-cryptography list-keys --endpoint-url http://127.0.0.1:3131`;

export function register(program: Command): void {
  program
    .command('serve')
    .description('run the service')
    .addHelpText('after', HELP)
    .action(async () => {
      const { runMain } = await import('@keywright/service');
      await runMain();
    });
}
