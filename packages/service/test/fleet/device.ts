import {
  AesDukptRegisters,
  decodeHex,
  deriveAesWorkingKey,
  deriveTdesWorkingKey,
  encodeAscii,
  encodeHex,
  encryptPinBlock,
  expandKey,
  keyCheckValue,
  retailMac,
  Secret,
  TdesDukptRegisters,
  unwrapKeyBlock,
} from '@keywright/crypto';
import type { Challenge, Proof } from '../../src/fleet/proof.ts';

interface Slot {
  readonly registers: TdesDukptRegisters | AesDukptRegisters;
  readonly kcv: string;
  ksn: string;
}

/** A terminal with a KEK and DUKPT slots, as little of one as a run needs. */
export class Device {
  readonly serial: string;
  readonly kek: string;
  readonly slots = new Map<string, Slot>();

  constructor(serial: string, kek: string) {
    this.serial = serial;
    this.kek = kek;
  }

  get kekCheckValue(): string {
    using kek = Secret.fromHex(this.kek);
    return keyCheckValue('AES', kek);
  }

  /** @throws KeyBlockError when the block is for another terminal */
  load(slot: string, block: string): { checkValue: string; version: string } {
    using kbpk = Secret.fromHex(this.kek);
    const { key, header, optionalBlocks } = unwrapKeyBlock({ kbpk, block, profile: 'x9.143' });
    using initial = key;
    const aes = header.algorithm === 'A';
    const ksn = optionalBlocks.find(({ id }) => id === (aes ? 'IK' : 'KS'))!.data;
    const registers = (aes ? AesDukptRegisters : TdesDukptRegisters).load(initial, ksn);
    const kcv = keyCheckValue(aes ? 'AES' : 'TDES', initial);
    this.slots.set(slot, { registers, kcv, ksn });
    return { checkValue: kcv, version: header.keyVersion };
  }

  /** Answers a challenge with the next transaction's key. */
  prove(slotName: string, { purpose, input, pan }: Challenge): Proof {
    const slot = this.slots.get(slotName)!;
    const { ksn, currentKey } = slot.registers.nextKey();
    using current = currentKey;
    slot.ksn = ksn;
    const aes = ksn.length === 24;
    const usage = ({ PIN: 'pin', DATA: 'data-request', MAC: 'mac-request' } as const)[purpose];
    using key = aes
      ? deriveAesWorkingKey(current, 'AES_128', usage, ksn.slice(0, 16), Number.parseInt(ksn.slice(16), 16))
      : deriveTdesWorkingKey(current, usage);
    if (purpose === 'PIN') {
      using pin = Secret.take(encodeAscii(input));
      const [format, algorithm] = aes ? (['ISO_4', 'AES'] as const) : (['ISO_0', 'TDES'] as const);
      return { ksn, output: encodeHex(encryptPinBlock({ format, algorithm, key, pin, pan: pan! })) };
    }
    using cipher = expandKey(aes ? 'AES' : 'TDES', key);
    const message = decodeHex(input);
    if (purpose === 'DATA') {
      return { ksn, output: encodeHex(cipher.encryptCbc(new Uint8Array(cipher.blockLength), message)) };
    }
    const mac = aes ? cipher.cmac(message).subarray(0, 8) : retailMac(key, message, 1, 8);
    return { ksn, output: encodeHex(mac) };
  }
}
