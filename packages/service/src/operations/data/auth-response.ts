import { type ArpcInput, decodeHex, generateArpcMethod1, generateArpcMethod2 } from '@keywright/crypto';
import type { CryptogramAuthResponse } from '../../api/data-plane.generated.ts';
import { wholeBytes } from './whole-bytes.ts';

/**
 * How the authorization response cryptogram is made (EMV 4.3 Book 2, 8.2), by method 1 or 2.
 *
 * @throws AwsException (ValidationException) when the attributes are not whole bytes
 */
export function authResponse({
  ArpcMethod1,
  ArpcMethod2,
}: CryptogramAuthResponse): (o: ArpcInput) => Uint8Array {
  if (ArpcMethod1) {
    const responseCode = decodeHex(ArpcMethod1.AuthResponseCode, 'AuthResponseCode');
    return (o) => generateArpcMethod1({ ...o, responseCode });
  }
  // A union: when it is not the one, it is the other.
  const { CardStatusUpdate, ProprietaryAuthenticationData = '' } = ArpcMethod2!;
  const cardStatusUpdate = decodeHex(CardStatusUpdate, 'CardStatusUpdate');
  const proprietaryData = wholeBytes(ProprietaryAuthenticationData, 'ProprietaryAuthenticationData');
  return (o) => generateArpcMethod2({ ...o, cardStatusUpdate, proprietaryData });
}
