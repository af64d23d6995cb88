import { decodeHex, equal, type Secret } from '@keywright/crypto';
import { Failure } from '../failure.ts';
import { ask } from './ask.ts';
import type { KekAlgorithm } from './kek-algorithm.ts';
import type { ImportRoute } from './route.ts';
import { DELETION_DAYS, type KeyService } from './service-client.ts';

export type KekUsage = 'TR31_K0_KEY_ENCRYPTION_KEY' | 'TR31_K1_KEY_BLOCK_PROTECTION_KEY';

export interface Kek {
  readonly key: Secret;
  readonly kcv: string;
  readonly algorithm: KekAlgorithm;
  readonly usage: KekUsage;
  readonly exportable: boolean;
}

function sameKcv(left: string | undefined, right: string): boolean {
  return left !== undefined && equal(decodeHex(left, 'KCV'), decodeHex(right, 'KCV'));
}

/**
 * Imports a key into the service.
 *
 * @returns its ARN
 * @throws Failure when the service refuses, or shows another KCV; that key is then scheduled for deletion
 */
export async function importKek(service: KeyService, route: ImportRoute, kek: Kek): Promise<string> {
  const { Key: imported } = await ask('ImportKey', () => service.importKey({ KeyMaterial: route.wrap(kek) }));
  const arn = imported?.KeyArn ?? '';
  if (sameKcv(imported?.KeyCheckValue, kek.kcv)) return arn;
  await ask('DeleteKey', () => service.deleteKey({ KeyIdentifier: arn, DeleteKeyInDays: DELETION_DAYS }));
  throw new Failure(
    `the service shows KCV ${imported?.KeyCheckValue}, not ${kek.kcv}: ${arn} is scheduled for deletion`,
  );
}
