export * from './as2805/index.ts';
export * from './bytes/ascii.ts';
export * from './bytes/base64.ts';
export * from './bytes/bytes.ts';
export * from './bytes/hex.ts';
export * from './bytes/secret.ts';
export * from './card/index.ts';
export * from './certificate-validity.ts';
export * from './cipher/block-cipher.ts';
export * from './cipher/ecdh.ts';
export * from './cipher/engine.ts';
export * from './cipher/hmac.ts';
export * from './cipher/random.ts';
export * from './cipher/retail-mac.ts';
export * from './cipher/rsa.ts';
export * from './cipher/rsa-signature.ts';
export {
  CIPHER_ENGINES,
  type CipherEngineName,
  cipherEngineName,
  isCipherEngineName,
  selectCipherEngine,
} from './cipher/selection.ts';
export * from './cipher/stream-modes.ts';
export * from './components/component-error.ts';
export * from './components/components.ts';
export * from './des-parity.ts';
export * from './dukpt/index.ts';
export * from './emv/index.ts';
export * from './kcv.ts';
export * from './pin/index.ts';
export * from './shares/shamir.ts';
export * from './tr31/index.ts';
export * from './tr34/index.ts';
