import { equal } from '../bytes/bytes.ts';
import type { Secret } from '../bytes/secret.ts';
import { ALGORITHMS } from './algorithm.ts';
import { EXPORTABILITY, KEY_CONTEXTS, MODES_OF_USE } from './attributes.ts';
import { KeyBlockError } from './error.ts';
import { type KeyBlockHeader, nameField } from './header.ts';
import { isProprietaryUsage, KEY_USAGES } from './key-usage.ts';
import type { OptionalBlock } from './optional-block.ts';
import { decodeOptionalBlock } from './optional-block-data.ts';
import { paddingIsMisplaced } from './padding-block.ts';
import type { Relax } from './profile.ts';

function among(values: string): string {
  return [...values].join(', ').replace(/, (.)$/, ' or $1');
}

/** Which algorithm and mode of use go with the usage (ANSI X9.143:2021, sections 6.3.1 to 6.3.3). */
function checkUsage({ keyUsage, algorithm, modeOfUse }: KeyBlockHeader, relax: Relax): void {
  if (!Object.hasOwn(ALGORITHMS, algorithm)) {
    relax('ALGORITHM', `${nameField('algorithm')} ${algorithm} is unknown; see section 6.3.2, table 3`);
  }
  if (!Object.hasOwn(MODES_OF_USE, modeOfUse)) {
    relax('MODE_OF_USE', `${nameField('modeOfUse')} ${modeOfUse} is unknown; see section 6.3.3, table 4`);
  }
  const rules = KEY_USAGES[keyUsage];
  if (rules === undefined) {
    if (isProprietaryUsage(keyUsage)) return;
    relax('KEY_USAGE', `${nameField('keyUsage')} ${keyUsage} is unknown; see section 6.3.1, table 2`);
    return;
  }
  if (!rules.algorithms.includes(algorithm)) {
    const right = `must be ${among(rules.algorithms)}`;
    relax(
      'ALGORITHM',
      `${nameField('algorithm')} ${algorithm} does not go with key usage ${keyUsage}: ${right}`,
    );
  }
  if (!rules.modes.includes(modeOfUse)) {
    const right = `must be ${among(rules.modes)}`;
    relax(
      'MODE_OF_USE',
      `${nameField('modeOfUse')} ${modeOfUse} does not go with key usage ${keyUsage}: ${right}`,
    );
  }
}

/** Reports what in a header is not as the standard has it. */
export function checkHeader(header: KeyBlockHeader, relax: Relax): void {
  checkUsage(header, relax);
  const { exportability, keyContext, reserved } = header;
  if (!Object.hasOwn(EXPORTABILITY, exportability)) {
    relax('EXPORTABILITY', `${nameField('exportability')} must be E, N or S, got ${exportability}`);
  }
  if (!Object.hasOwn(KEY_CONTEXTS, keyContext)) {
    relax('KEY_CONTEXT', `${nameField('keyContext')} must be 0, 1 or 2, got ${keyContext}`);
  }
  if (reserved !== '0') relax('RESERVED', `${nameField('reserved')} must be 0, got ${reserved}`);
}

function checkData(block: OptionalBlock, relax: Relax): void {
  try {
    decodeOptionalBlock(block);
  } catch (error) {
    if (!(error instanceof KeyBlockError)) throw error;
    relax('OPTIONAL_BLOCK_DATA', error.message);
  }
}

/** Optional blocks that do not go with an algorithm (sections 6.3.6.6 and 6.3.6.8). */
const MISPLACED: Readonly<Record<string, { algorithm: string; message: string }>> = {
  KS: {
    algorithm: 'A',
    message: 'optional block KS is for TDES DUKPT; an AES key has IK (initial key id) or BI (BDK id) instead',
  },
  IK: {
    algorithm: 'T',
    message: 'optional block IK is for AES DUKPT; a TDES key has KS (initial KSN) instead',
  },
};

/** Reports what in the optional blocks is not as the standard has it. */
export function checkOptionalBlocks(
  header: KeyBlockHeader,
  optionalBlocks: readonly OptionalBlock[],
  relax: Relax,
): void {
  if (paddingIsMisplaced(optionalBlocks)) {
    relax('OPTIONAL_BLOCK', 'the padding block PB must be the last of the optional blocks');
  }
  for (const block of optionalBlocks) checkData(block, relax);
  for (const { id } of optionalBlocks) {
    if (MISPLACED[id]?.algorithm === header.algorithm) relax('OPTIONAL_BLOCK', MISPLACED[id].message);
  }
}

/** Reports a key length that the algorithm does not know (`KEY_LENGTH`). */
export function checkKeyLength(algorithm: string, keyLength: number, relax: Relax): void {
  const rules = ALGORITHMS[algorithm];
  if (rules?.keyLengths === undefined || rules.keyLengths.includes(keyLength)) return;
  const message = `a key of algorithm ${algorithm} (${rules.name}) has ${rules.keyLengths.join(', ')} bytes, this one has ${keyLength}`;
  if (!rules.legacyKeyLengths?.includes(keyLength)) throw new KeyBlockError('KEY_LENGTH', message);
  relax('KEY_LENGTH', message);
}

/** Reports a TDES key of which K1 and K2, or K2 and K3, are equal: what stays is single DES (NIST SP 800-67, section 3.3.2). */
export function checkDesKeys(algorithm: string, key: Secret, relax: Relax): void {
  if (algorithm !== 'T' || key.length < 16) return;
  const single = key.expose((bytes) => {
    const [k1, k2, k3] = [bytes.subarray(0, 8), bytes.subarray(8, 16), bytes.subarray(16)];
    return equal(k1, k2) || equal(k2, k3);
  });
  if (single)
    relax('EQUAL_DES_KEYS', 'two DES keys of the key that follow each other are equal: it is single DES');
}
