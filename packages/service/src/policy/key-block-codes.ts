import type { KeyExportability, KeyUsage } from '../api/control-plane.generated.ts';
import { ATTRIBUTE_MATRIX } from './attribute-matrix.ts';

/** The two characters of a key usage in a key block (X9.143, section 6.3.1): AWS's names carry them. */
export function usageCode(usage: KeyUsage): string {
  return usage.slice('TR31_'.length, 'TR31_'.length + 2);
}

const USAGES = Object.keys(ATTRIBUTE_MATRIX) as readonly KeyUsage[];

/** The usage of that code; undefined when AWS has no name for it. */
export function usageOfCode(code: string): KeyUsage | undefined {
  return USAGES.find((usage) => usageCode(usage) === code);
}

/** Letters of exportability (X9.143, section 6.3.5), from the freest to the most restrictive. */
export const EXPORTABILITY_CODES = {
  EXPORTABLE: 'E',
  SENSITIVE: 'S',
  NON_EXPORTABLE: 'N',
} as const satisfies Record<KeyExportability, string>;

/** From the freest to the most restrictive. */
export const EXPORTABILITIES = Object.keys(EXPORTABILITY_CODES) as readonly KeyExportability[];

export function exportabilityOfCode(code: string): KeyExportability | undefined {
  return EXPORTABILITIES.find((exportability) => EXPORTABILITY_CODES[exportability] === code);
}
