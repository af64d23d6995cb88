import {
  type DukptKeyType,
  type DukptUsage,
  deriveDukptKey,
  encodeHex,
  type KcvMethod,
  keyCheckValue,
  schemeOfKsn,
} from '@keywright/crypto';
import type { Handler } from './answer.ts';
import { choiceField, keyField, textField } from './fields.ts';

const USAGES = [
  'initial',
  'pin',
  'mac-request',
  'mac-response',
  'mac-both',
  'data-request',
  'data-response',
  'data-both',
] as const satisfies readonly (DukptUsage | 'initial')[];

const KEY_TYPES: readonly DukptKeyType[] = ['TDES_2KEY', 'TDES_3KEY', 'AES_128', 'AES_192', 'AES_256'];

/**
 * `{"bdk","ksn","usage","keyType"?}` to `{"key","kcv"}`; `key` only where clear keys may be shown. The KSN's length tells
 * the scheme: 20 hexadecimal digits are TDES, 24 AES.
 */
export function deriveLine({ showClear }: { showClear: boolean }): Handler {
  return (line) => {
    const ksn = textField(line, 'ksn');
    const usage = choiceField(line, 'usage', USAGES);
    const keyType = line.keyType === undefined ? undefined : choiceField(line, 'keyType', KEY_TYPES);
    const scheme = schemeOfKsn(ksn);
    using bdk = keyField(line, 'bdk');
    using key = deriveDukptKey({ scheme, ksn, bdk, usage, ...(keyType === undefined ? {} : { keyType }) });
    const method: KcvMethod = (keyType ?? scheme).startsWith('AES') ? 'AES' : 'TDES';
    return { ...(showClear ? { key: key.expose(encodeHex) } : {}), kcv: keyCheckValue(method, key) };
  };
}
