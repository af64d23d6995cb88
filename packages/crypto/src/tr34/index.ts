export { type CertificateTrust, checkCertificate, type KeyPairOwner } from './certificate.ts';
export { createCertificationRequest } from './certification-request.ts';
export type { ContentCipher } from './content-cipher.ts';
export { createKeyToken, type KeyTokenOptions } from './create-key-token.ts';
export { type Credential, createCredentialToken, openCredentialToken } from './credential-token.ts';
export { issueTimeOfCrl } from './crl.ts';
export { TR34_ERROR_CODES, Tr34Error, type Tr34ErrorCode } from './error.ts';
export type { Tr34Form } from './form.ts';
export { type OpenedKeyToken, openKeyToken } from './open-key-token.ts';
export type { Parties } from './parties.ts';
export type { Pass } from './pass.ts';
export { createRandomNumberToken, openRandomNumberToken } from './random-number-token.ts';
export {
  createCaRebindToken,
  createRebindToken,
  type NewBinding,
  openCaRebindToken,
  openRebindToken,
} from './rebind-token.ts';
export { crlOfToken, type KdhTokenOptions } from './signed-token.ts';
export {
  createCaUnbindToken,
  createUnbindToken,
  openCaUnbindToken,
  openUnbindToken,
} from './unbind-token.ts';
