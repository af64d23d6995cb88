import {
  encodeHex,
  type KeyBlockHeader,
  type OptionalBlock,
  type Profile,
  unwrapKeyBlock,
} from '@keywright/crypto';
import type { Handler } from './answer.ts';
import { kcvOfWrappedKey } from './check-value.ts';
import { keyField, textField } from './fields.ts';
import { RecentKeys } from './recent-keys.ts';

/** Every field of the header, in its order, the optional blocks after it. */
function showHeader(header: KeyBlockHeader, block: string, optionalBlocks: readonly OptionalBlock[]): object {
  const { version, keyUsage, algorithm, modeOfUse, keyVersion, exportability, keyContext, reserved } = header;
  // A payShield's scheme letter may stand before the block; the version is never one.
  const length = Number(block.replace(/^[RS]/, '').slice(1, 5));
  const attributes = { keyUsage, algorithm, modeOfUse, keyVersion, exportability };
  const optionalBlockCount = optionalBlocks.length;
  return { version, length, ...attributes, optionalBlockCount, keyContext, reserved, optionalBlocks };
}

/** `{"kbpk","block"}` to `{"header","key","kcv"}`; `key` only where clear keys may be shown. */
export function unwrapLine(options: { profile: Profile; showClear: boolean }): Handler {
  const recent = new RecentKeys();
  return (line) => {
    const block = textField(line, 'block');
    using kbpk = recent.share(keyField(line, 'kbpk'));
    const { key, header, optionalBlocks, warnings } = unwrapKeyBlock({
      kbpk,
      block,
      profile: options.profile,
    });
    using secret = key;
    return {
      header: showHeader(header, block, optionalBlocks),
      ...(options.showClear ? { key: secret.expose(encodeHex) } : {}),
      kcv: kcvOfWrappedKey(header, optionalBlocks, secret),
      ...(warnings.length > 0 ? { warnings } : {}),
    };
  };
}
