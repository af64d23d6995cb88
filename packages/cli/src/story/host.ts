import {
  type KeyAttributes,
  type KeyBlockHeaders,
  PaymentCryptography,
} from '@aws-sdk/client-payment-cryptography';
import { Failure } from '../failure.ts';
import { DataPlaneClient } from './data-plane-client.ts';
import type { FreshService } from './fresh-service.ts';

/** A key in the service, as its host knows it. */
export interface HostKey {
  readonly arn: string;
  readonly kcv: string;
}

type Purpose = Pick<KeyAttributes, 'KeyUsage' | 'KeyAlgorithm' | 'KeyModesOfUse'>;

/** The acquirer's host: an ordinary AWS client of both planes. */
export class Host {
  readonly keys: PaymentCryptography;
  readonly data: DataPlaneClient;

  constructor({ url, credentials }: FreshService, region: string) {
    this.keys = new PaymentCryptography({ endpoint: url, region, credentials });
    this.data = new DataPlaneClient({ endpoint: url, region, credentials });
  }

  async createKey(purpose: Purpose): Promise<HostKey> {
    const KeyAttributes: KeyAttributes = { ...purpose, KeyClass: 'SYMMETRIC_KEY' } as KeyAttributes;
    const { Key } = await this.keys.createKey({ KeyAttributes, Exportable: true });
    return { arn: Key!.KeyArn!, kcv: Key!.KeyCheckValue! };
  }

  /** Exports a key, or the initial key for `ksn` of a BDK, as a TR-31 block under a KEK. */
  async exportKey(
    key: HostKey,
    kek: HostKey,
    headers: KeyBlockHeaders,
    ksn?: string,
  ): Promise<{ block: string; kcv: string }> {
    const { WrappedKey } = await this.keys.exportKey({
      ExportKeyIdentifier: key.arn,
      KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: kek.arn, KeyBlockHeaders: headers } },
      ...(ksn && { ExportAttributes: { ExportDukptInitialKey: { KeySerialNumber: ksn } } }),
    });
    if (!WrappedKey?.KeyMaterial || !WrappedKey.KeyCheckValue)
      throw new Failure('ExportKey gave no key block');
    return { block: WrappedKey.KeyMaterial, kcv: WrappedKey.KeyCheckValue };
  }
}
