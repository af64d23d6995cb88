import { ALGORITHMS } from './algorithm.ts';
import { EXPORTABILITY, MODES_OF_USE } from './attributes.ts';
import type { AllowedDerivation, DecodedOptionalBlock } from './decoded-optional-block.ts';
import { KeyBlockError } from './error.ts';
import { IBM_ELEMENTS } from './ibm-block.ts';
import { nameKeyUsage } from './key-usage.ts';
import type { OptionalBlock } from './optional-block.ts';
import { decodeOptionalBlock } from './optional-block-data.ts';

function describeDerivation({ keyUsage, algorithm, modeOfUse, exportability }: AllowedDerivation): string {
  const usage = nameKeyUsage(keyUsage) ?? keyUsage;
  const cipher = ALGORITHMS[algorithm]?.name ?? algorithm;
  return `${usage}, ${cipher}, ${MODES_OF_USE[modeOfUse] ?? modeOfUse}, ${EXPORTABILITY[exportability] ?? exportability}`;
}

function describe(block: DecodedOptionalBlock): string {
  switch (block.kind) {
    case 'AL':
      return `${block.keyLife} key`;
    case 'BI':
      return `${block.dukpt} DUKPT, ${block.dukpt === 'TDES' ? 'key set id' : 'BDK id'} ${block.identifier}`;
    case 'CT':
      return block.certificates.map(({ format, data }) => `${format}, ${data.length} characters`).join('; ');
    case 'DA':
      return block.derivations.map(describeDerivation).join('; ');
    case 'FL':
      return block.flags;
    case 'HM':
      return block.hash;
    case 'IK':
      return block.initialKeyId;
    case 'KC':
    case 'KP':
    case 'PK':
      return `${block.kcv} (${block.method} method)`;
    case 'KS':
      return block.initialKsn;
    case 'KV':
      return `version ${block.version}, other ${block.other}`;
    case 'LB':
      return block.label;
    case 'PB':
      return `${block.padding.length} characters of padding`;
    case 'TC':
    case 'TS':
      return block.time;
    case 'WP':
      return `strength of the keys it was wrapped under before: ${block.pedigree}`;
    case '10':
      return block.elements.map(({ tag }) => IBM_ELEMENTS[tag] ?? `element ${tag}`).join('; ');
    case 'other':
      return 'as its manufacturer says';
  }
}

/** The data of an optional block in plain words. */
export function describeOptionalBlock(block: OptionalBlock): string {
  try {
    return describe(decodeOptionalBlock(block));
  } catch (error) {
    if (error instanceof KeyBlockError) return 'not as the standard has it';
    throw error;
  }
}
