// What the module does, called from `src/cipher/fast/`. A key is the address of its slot; lengths are in bytes.
import { writeAesTables } from './aes-tables';
import { writeDesTables } from './des-tables';
import { SLOT_LENGTH } from './memory';

export { expandAes } from './aes';
export { expandTdes } from './des';
export { deriveAesDukpt, deriveTdesDukpt } from './dukpt';
export { deriveKeyBlockKeys, openKeyBlock, sealKeyBlock } from './key-block';
export { CHAIN, DATA, DATA_LENGTH, KEY, SLOT_LENGTH, SLOTS } from './memory';
export {
  cbcMac,
  cmac,
  ctr,
  decryptCbc,
  decryptEcb,
  encryptCbc,
  encryptEcb,
  retailMac,
  retailMacPart,
} from './modes';
export { translatePin } from './pin';

/** Wipes an expanded key. */
export function wipe(slot: usize): void {
  memory.fill(slot, 0, SLOT_LENGTH);
}

writeAesTables();
writeDesTables();
