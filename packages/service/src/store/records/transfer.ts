export type TransferDirection = 'IN' | 'OUT';

/** How keys go in and out: the members of a request's KeyMaterial, and paper. */
export type TransferWay =
  | 'Components'
  | 'Tr31KeyBlock'
  | 'Tr34KeyBlock'
  | 'KeyCryptogram'
  | 'DiffieHellmanTr31KeyBlock'
  | 'As2805KeyCryptogram';

/** That a key went out, or came in, under something. There is one record however often it happens; the audit has each time. */
export interface TransferRecord {
  readonly region: string;
  readonly keyId: string;
  readonly direction: TransferDirection;
  readonly way: TransferWay;
  /**
   * `key/` and a key id; `certificate/` and the SHA-256 of a partner's certificate; `ceremony/` and its id; or the id of an
   * import token.
   */
  readonly counterpart: string;
  /** The subject of a partner's certificate, or the partner of a ceremony. */
  readonly party?: string | undefined;
  /** Of the terminal whose initial key it was (ANSI X9.24); none for the key itself. */
  readonly ksn?: string | undefined;
  /** When it first happened. */
  readonly firstAt: number;
}
