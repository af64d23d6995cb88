import type { ComponentAlgorithm } from '@keywright/crypto';
import type { Prompts } from './prompts.ts';

export type KekAlgorithm = 'TDES_2KEY' | 'TDES_3KEY' | 'AES_128' | 'AES_192' | 'AES_256';

interface KekAlgorithmRules {
  readonly cipher: ComponentAlgorithm;
  /** Length of the key in bytes. */
  readonly length: 16 | 24 | 32;
  readonly label: string;
  /** How the key travels to the service: RSA would be weaker than the longer AES keys. */
  readonly route: 'RSA' | 'ECDH';
}

export const KEK_ALGORITHMS: Record<KekAlgorithm, KekAlgorithmRules> = {
  TDES_2KEY: { cipher: 'TDES', length: 16, label: 'TDES, two keys', route: 'RSA' },
  TDES_3KEY: { cipher: 'TDES', length: 24, label: 'TDES, three keys', route: 'RSA' },
  AES_128: { cipher: 'AES', length: 16, label: 'AES-128', route: 'RSA' },
  AES_192: { cipher: 'AES', length: 24, label: 'AES-192', route: 'ECDH' },
  AES_256: { cipher: 'AES', length: 32, label: 'AES-256', route: 'ECDH' },
};

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
