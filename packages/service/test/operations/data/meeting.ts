import { createPublicKey, type KeyObject } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { DeriveKeyUsage } from '../../../src/api/control-plane.generated.ts';
import { openPrivateKey } from '../../../src/operations/asymmetric-key.ts';
import { importRoot, pair } from '../asymmetric.ts';
import type { Curve, Partner } from '../ecdh-partner.ts';
import { Service } from '../service.ts';

/** A service that has a key pair on the partner's curve, for keys of the usage, and trusts the partner's authority. */
export interface Meeting {
  readonly service: Service;
  readonly partner: Partner;
  readonly pair: string;
  readonly publicKey: KeyObject;
  readonly authority: string;
}

export async function meet(
  t: TestContext,
  curve: Curve,
  partner: Partner,
  DeriveKeyUsage: DeriveKeyUsage,
): Promise<Meeting> {
  const service = new Service(t);
  // Certificates begin at the moment that openssl makes them.
  service.time = Date.now() + 60_000;
  const { Key } = await service.call('CreateKey', pair('K3', curve, 'X', { DeriveKeyUsage }));
  const record = await service.context.store.findKey('us-east-2', Key.KeyArn.slice(-16));
  const publicKey = createPublicKey(await openPrivateKey(record!, service.context));
  return {
    service,
    partner,
    pair: Key.KeyArn,
    publicKey,
    authority: await importRoot(service, partner.authority, curve),
  };
}
