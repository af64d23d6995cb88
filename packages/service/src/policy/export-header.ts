import type { KeyBlockHeader, OptionalBlock } from '@keywright/crypto';
import type {
  KeyAlgorithm,
  KeyAttributes,
  KeyBlockHeaders,
  KeyExportability,
  KeyModesOfUse,
} from '../api/control-plane.generated.ts';
import { invalid } from '../api/exceptions.ts';
import { modesFor } from './attribute-matrix.ts';
import { EXPORTABILITIES, EXPORTABILITY_CODES } from './key-block-codes.ts';
import { describeModes, letterOfModes, type ModeLetter, modesOfLetter } from './modes-of-use.ts';
import { FAMILY_LETTERS, symmetricRules } from './symmetric-algorithm.ts';
import { oneOf } from './wording.ts';

/** What a key goes out as, before the caller's restrictions. */
export interface Exported {
  /** The two characters of the key block: a derived key may have a usage that AWS has no name for. */
  readonly usage: string;
  readonly algorithm: KeyAlgorithm;
  readonly mode: ModeLetter;
  /** Modes of use that are as restrictive as `mode` or more. */
  readonly narrowerModes: readonly ModeLetter[];
  readonly exportability: KeyExportability;
}

/** Parts of a mode of use; one that is not here is whole. */
const NARROWER: Partial<Record<ModeLetter, readonly ModeLetter[]>> = {
  B: ['B', 'E', 'D'],
  C: ['C', 'G', 'V'],
};

/** The mode of use of a key, and the ones that it may go out with: a key without restrictions, all of its usage. */
export function exportModes(attributes: KeyAttributes): Pick<Exported, 'mode' | 'narrowerModes'> {
  const mode = letterOfModes(attributes.KeyModesOfUse);
  if (mode === undefined) throw new TypeError('a stored key has modes of use that no key block can carry');
  return { mode, narrowerModes: mode === 'N' ? modesFor(attributes) : (NARROWER[mode] ?? [mode]) };
}

/** The header of the key block that a key goes out in, and its optional blocks. */
export function exportHeader(
  exported: Exported,
  wrapping: KeyAlgorithm,
  headers: KeyBlockHeaders = {},
): { header: KeyBlockHeader; optionalBlocks: OptionalBlock[] } {
  const { family } = symmetricRules(exported.algorithm);
  const header: KeyBlockHeader = {
    version: symmetricRules(wrapping).family === 'AES' ? 'D' : 'B',
    keyUsage: exported.usage,
    algorithm: FAMILY_LETTERS[family],
    modeOfUse: narrowedMode(exported, headers.KeyModesOfUse),
    keyVersion: headers.KeyVersion ?? '00',
    exportability: EXPORTABILITY_CODES[narrowedExportability(exported, headers.KeyExportability)],
    keyContext: '0',
    reserved: '0',
  };
  return { header, optionalBlocks: optionalBlocks(exported.algorithm, headers.OptionalBlocks ?? {}) };
}

function narrowedMode({ mode, narrowerModes }: Exported, requested: KeyModesOfUse | undefined): ModeLetter {
  if (requested === undefined) return mode;
  const letter = letterOfModes(requested);
  if (letter !== undefined && narrowerModes.includes(letter)) return letter;
  const allowed = oneOf(narrowerModes.map((narrower) => describeModes(modesOfLetter(narrower))));
  throw invalid(
    `KeyBlockHeaders.KeyModesOfUse ${describeModes(requested)} is not more restrictive than the key's ` +
      `${describeModes(modesOfLetter(mode))}: use ${allowed}.`,
  );
}

function narrowedExportability(
  { exportability }: Exported,
  requested: KeyExportability = exportability,
): KeyExportability {
  const allowed = EXPORTABILITIES.slice(EXPORTABILITIES.indexOf(exportability));
  if (allowed.includes(requested)) return requested;
  throw invalid(
    `KeyBlockHeaders.KeyExportability ${requested} is less restrictive than the key's ${exportability}: use ${oneOf(allowed)}.`,
  );
}

/** Characters that the caller's optional blocks may have together, 4 of each for its id and length. */
const MAX_OPTIONAL_BLOCKS = 112;
const PREFIX = 4;

/** Optional blocks that the service alone writes. */
const RESERVED_BLOCKS: Readonly<Record<string, string>> = {
  PB: 'the service pads the header itself',
  HM: 'the service writes the hash of an HMAC key itself',
};

function optionalBlocks(
  algorithm: KeyAlgorithm,
  requested: Readonly<Record<string, string>>,
): OptionalBlock[] {
  const blocks = Object.entries(requested).map(([id, data]) => ({ id, data }));
  for (const { id } of blocks) {
    const reason = RESERVED_BLOCKS[id];
    if (reason !== undefined) {
      throw invalid(`KeyBlockHeaders.OptionalBlocks must not have ${id}: ${reason}; leave it out.`);
    }
  }
  const length = blocks.reduce((sum, { data }) => sum + PREFIX + data.length, 0);
  if (length > MAX_OPTIONAL_BLOCKS) {
    throw invalid(
      `KeyBlockHeaders.OptionalBlocks has ${length} characters, counting ${PREFIX} of each for its id and length: ` +
        `use at most ${MAX_OPTIONAL_BLOCKS}.`,
    );
  }
  const rules = symmetricRules(algorithm);
  return rules.family === 'HMAC' ? [{ id: 'HM', data: rules.hmCode }, ...blocks] : blocks;
}
