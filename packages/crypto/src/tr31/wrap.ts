import type { Secret } from '../bytes/secret.ts';
import { type RandomSource, randomBytes } from '../cipher/random.ts';
import { KeyBlockError } from './error.ts';
import { assertHeader, formatHeader, HEADER_LENGTH, type KeyBlockHeader } from './header.ts';
import { assertOptionalBlocks, formatOptionalBlock, type OptionalBlock } from './optional-block.ts';
import { padOptionalBlocks, totalLength } from './padding-block.ts';
import { buildPayload, type MaskKeyLength, payloadLength } from './payload.ts';
import { type Profile, relaxation } from './profile.ts';
import { checkDesKeys, checkHeader, checkKeyLength, checkOptionalBlocks } from './rules.ts';
import { assertKbpk, checkStrength } from './strength.ts';
import { KEY_BLOCK_VERSIONS } from './version.ts';

export interface WrapOptions {
  /** Key block protection key: TDES of 16 or 24 bytes for versions A to C, AES of 16, 24 or 32 bytes for D and E. */
  kbpk: Secret;
  header: KeyBlockHeader;
  /** TDES, AES or HMAC key; RSA, EC and DSA private keys as DER. */
  key: Secret;
  optionalBlocks?: readonly OptionalBlock[];
  /**
   * Hides the key's length: TDES keys are filled up to 24 bytes, AES keys to 32 (section 6.1). `false` or 0: only to the
   * cipher's block; a number: to that many bytes. `true` unless given.
   */
  maskKeyLength?: MaskKeyLength;
  /** `x9.143` unless given; `tolerant` also writes versions A and C, and attributes that do not go together. */
  profile?: Profile;
  /** The operating system's unless given. Asked for the data of a padding block, then for the filler after the key. */
  random?: RandomSource;
}

function assertWritable({ kbpk, header, key, optionalBlocks = [], profile = 'x9.143' }: WrapOptions): void {
  const relax = relaxation(profile, []);
  const { deprecated } = KEY_BLOCK_VERSIONS[header.version];
  if (deprecated) {
    relax('VERSION', `version ${header.version} is deprecated and only read; write B, or D under an AES key`);
  }
  assertKbpk(header.version, kbpk);
  checkHeader(header, relax);
  assertOptionalBlocks(optionalBlocks);
  checkOptionalBlocks(header, optionalBlocks, relax);
  if (key.length === 0) throw new KeyBlockError('KEY_LENGTH', 'the key must have at least 1 byte');
  checkKeyLength(header.algorithm, key.length, relax);
  checkDesKeys(header.algorithm, key, relax);
  checkStrength(header, kbpk, key.length, relax);
}

function assertMask(mask: MaskKeyLength): void {
  if (typeof mask === 'boolean' || (Number.isInteger(mask) && mask >= 0)) return;
  throw new RangeError('maskKeyLength must be true, false or a number of bytes');
}

/**
 * Wraps a key into a key block (ANSI X9.143:2021, TR-31; ISO 20038).
 *
 * The optional blocks are padded to whole cipher blocks; a padding block PB of the right length is kept.
 *
 * @returns the key block, at most 9999 characters
 * @throws KeyBlockError with the code of what is wrong
 */
export function wrapKeyBlock(options: WrapOptions): string {
  const { kbpk, header, key, maskKeyLength = true, random = randomBytes } = options;
  assertMask(maskKeyLength);
  assertHeader(header);
  assertWritable(options);
  const rules = KEY_BLOCK_VERSIONS[header.version];
  const blocks = padOptionalBlocks(options.optionalBlocks ?? [], rules.blockLength, random);
  const headerLength = HEADER_LENGTH + totalLength(blocks);
  const length = payloadLength(key.length, header.algorithm, maskKeyLength, rules.payloadUnit);
  const start = formatHeader(header, headerLength + 2 * (length + rules.macLength), blocks.length);
  const bound = start + blocks.map(formatOptionalBlock).join('');
  const payload = buildPayload(key, length, random);
  try {
    return rules.binding.seal(kbpk, bound, payload);
  } finally {
    payload.fill(0);
  }
}
