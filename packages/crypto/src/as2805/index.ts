export * from './kek-validation.ts';
export * from './kek-variant.ts';
export * from './key-cryptogram.ts';
export * from './mac.ts';
export * from './session-pin-key.ts';
