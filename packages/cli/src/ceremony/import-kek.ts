import { decodeHex, equal } from '@keywright/crypto';
import { Failure } from '../failure.ts';
import { ask } from './ask.ts';
import type { ImportRoute, Kek } from './route.ts';
import { DELETION_DAYS, type KeyService } from './service-client.ts';

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
