import { decodeHex } from '@keywright/crypto';
import type { MacAlgorithm, MacAttributes } from '../../api/data-plane.generated.ts';
import type { Context } from '../operation.ts';
import {
  BLOCK_CIPHER_MACS,
  type BlockCipherMacName,
  type MacMode,
  type WholeMac,
  wholeMac,
} from './block-cipher-mac.ts';
import { type DukptMacName, dukptMac } from './dukpt-mac.ts';
import { emvMac } from './emv-mac.ts';
import { hashMac } from './hash-mac.ts';
import { openStaticKey } from './working-key.ts';

export interface MacRequest {
  readonly KeyIdentifier: string;
  readonly MessageData: string;
  readonly attributes: MacAttributes;
}

/** Bytes that a MAC has at least. */
export const SHORTEST_MAC = 4;

async function blockCipherMac(
  name: BlockCipherMacName,
  mode: MacMode,
  identifier: string,
  message: Uint8Array,
  context: Context,
): Promise<WholeMac> {
  const method = BLOCK_CIPHER_MACS[name];
  using working = await openStaticKey(identifier, { usage: method.usage, mode }, context, method.algorithms);
  return wholeMac(method, working, message);
}

async function macOfAlgorithm(
  name: MacAlgorithm,
  mode: MacMode,
  identifier: string,
  message: Uint8Array,
  context: Context,
): Promise<WholeMac> {
  switch (name) {
    case 'ISO9797_ALGORITHM1':
    case 'ISO9797_ALGORITHM3':
    case 'CMAC':
    case 'AS2805_4_1':
      return blockCipherMac(name, mode, identifier, message, context);
    default:
      return hashMac(name, mode, identifier, message, context);
  }
}

/**
 * The whole MAC of a message, as both operations make it; algorithm and key come from the request.
 *
 * @throws AwsException (ValidationException, ResourceNotFoundException)
 */
export function messageMac(mode: MacMode, request: MacRequest, context: Context): Promise<WholeMac> {
  const { KeyIdentifier, attributes } = request;
  const { Algorithm, EmvMac, ...dukpt } = attributes;
  const message = decodeHex(request.MessageData, 'MessageData');
  if (Algorithm !== undefined) return macOfAlgorithm(Algorithm, mode, KeyIdentifier, message, context);
  if (EmvMac !== undefined) return emvMac(EmvMac, KeyIdentifier, message, context);
  // A union, which the model's validation has seen to have one member.
  const [name] = Object.keys(dukpt) as [DukptMacName];
  return dukptMac(name, dukpt[name]!, KeyIdentifier, message, context);
}
