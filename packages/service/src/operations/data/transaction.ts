import { decodeHex } from '@keywright/crypto';

/** The transaction's counter (ATC), as requests name it and as the derivation of keys takes it. */
export function counterOf({
  ApplicationTransactionCounter: counter,
}: {
  ApplicationTransactionCounter: string;
}) {
  return { applicationTransactionCounter: decodeHex(counter, 'ApplicationTransactionCounter') };
}

/** The cryptogram that the card made of the transaction, likewise. */
export function cryptogramOf({ ApplicationCryptogram: cryptogram }: { ApplicationCryptogram: string }) {
  return { applicationCryptogram: decodeHex(cryptogram, 'ApplicationCryptogram') };
}
