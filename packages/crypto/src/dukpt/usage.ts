/**
 * What a transaction's key is for. A request goes from the terminal to the host, a response back. `both` is one key for both
 * directions, which only AES DUKPT has.
 */
export type DukptUsage =
  | 'pin'
  | 'mac-request'
  | 'mac-response'
  | 'mac-both'
  | 'data-request'
  | 'data-response'
  | 'data-both';

/** Algorithm and length of a derived key. */
export type DukptKeyType = 'TDES_2KEY' | 'TDES_3KEY' | 'AES_128' | 'AES_192' | 'AES_256';
