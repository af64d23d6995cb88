import type { ComponentAlgorithm } from '@keywright/crypto';
import { Failure } from '../failure.ts';
import type { Prompts } from './prompts.ts';

export type KekAlgorithm = 'TDES_2KEY' | 'TDES_3KEY' | 'AES_128' | 'AES_192' | 'AES_256';

interface KekAlgorithmRules {
  readonly cipher: ComponentAlgorithm;
  /** Length of the key in bytes. */
  readonly length: 16 | 24 | 32;
  readonly label: string;
  /** False where RSA, with which the key travels, would be weaker than the key. */
  readonly importable: boolean;
}

export const KEK_ALGORITHMS: Record<KekAlgorithm, KekAlgorithmRules> = {
  TDES_2KEY: { cipher: 'TDES', length: 16, label: 'TDES, two keys', importable: true },
  TDES_3KEY: { cipher: 'TDES', length: 24, label: 'TDES, three keys', importable: true },
  AES_128: { cipher: 'AES', length: 16, label: 'AES-128', importable: true },
  AES_192: { cipher: 'AES', length: 24, label: 'AES-192', importable: false },
  AES_256: { cipher: 'AES', length: 32, label: 'AES-256', importable: false },
};

/** @throws Failure when the service can't receive such a key yet */
export function assertImportable(algorithm: KekAlgorithm): void {
  if (KEK_ALGORITHMS[algorithm].importable) return;
  throw new Failure(
    `${KEK_ALGORITHMS[algorithm].label} keys cannot be imported yet: no RSA key is strong enough to carry them. ` +
      'They will reach the service with ECDH over P-521 in a coming release',
  );
}

export function chooseAlgorithm(prompts: Prompts): Promise<KekAlgorithm> {
  const choices = Object.entries(KEK_ALGORITHMS).map(([value, { label, length }]) => ({
    value: value as KekAlgorithm,
    label,
    hint: `${length * 2} hexadecimal digits`,
  }));
  return prompts.choose('Algorithm of the key', choices);
}

export async function askComponentCount(prompts: Prompts): Promise<number> {
  const count = await prompts.ask('Number of components (2 to 9)', (answer) =>
    /^[2-9]$/.test(answer.trim()) ? undefined : 'a number from 2 to 9',
  );
  return Number(count);
}
