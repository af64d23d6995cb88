export type ComponentErrorCode =
  /** The number of components is not 2 to 9. */
  | 'COMPONENT_COUNT'
  /** A component's length is not one of the algorithm's, or not that of the first. */
  | 'COMPONENT_LENGTH'
  /** A component is zero and hides nothing. */
  | 'COMPONENT_ZERO'
  /** Two components are the same and cancel each other. */
  | 'COMPONENT_REPEATED'
  /** One component is the whole key, the others cancel each other: its custodian would hold the key. */
  | 'COMPONENT_IS_KEY'
  /** The key's length is not one of the algorithm's. */
  | 'KEY_LENGTH'
  /** The key is zero. */
  | 'KEY_ZERO'
  /** Neighbouring DES keys are equal: what stays is single DES. */
  | 'KEY_SINGLE_DES';

/** Why components, or the key that they make, are refused. The message says which and what would be right, never a value. */
export class ComponentError extends Error {
  override readonly name = 'ComponentError';
  readonly code: ComponentErrorCode;
  constructor(code: ComponentErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
