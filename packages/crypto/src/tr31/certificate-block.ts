import { decodeBase64 } from '../bytes/base64.ts';
import type { BlockCertificate } from './decoded-optional-block.ts';

/** Optional block CT: a certificate or a chain of them (ANSI X9.143:2021, section 6.3.6.3, tables 10 and 11). */

const FORMATS: Readonly<Record<string, BlockCertificate['format']>> = { '00': 'X.509', '01': 'EMV' };
const CHAIN = '02';

function isBase64(text: string): boolean {
  try {
    return decodeBase64(text).length > 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function certificate(format: string, data: string): BlockCertificate | undefined {
  const name = FORMATS[format];
  return name !== undefined && isBase64(data) ? { format: name, data } : undefined;
}

/** One after the other: format, length of the data in four hexadecimal digits, data. */
function readChain(chain: string): BlockCertificate[] | undefined {
  const certificates: BlockCertificate[] = [];
  for (let position = 0; position < chain.length; ) {
    const lengthField = chain.slice(position + 2, position + 6);
    if (!/^[0-9A-F]{4}$/.test(lengthField)) return undefined;
    const end = position + 6 + Number.parseInt(lengthField, 16);
    const next =
      end <= chain.length && certificate(chain.slice(position, position + 2), chain.slice(position + 6, end));
    if (!next) return undefined;
    certificates.push(next);
    position = end;
  }
  return certificates.length > 0 ? certificates : undefined;
}

/** The certificates of a block CT in their order; `undefined` when the data are malformed. */
export function readCertificates(data: string): BlockCertificate[] | undefined {
  const format = data.slice(0, 2);
  if (format === CHAIN) return readChain(data.slice(2));
  const single = certificate(format, data.slice(2));
  return single && [single];
}
