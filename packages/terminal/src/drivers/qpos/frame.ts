// The frame of Dspread's QPOS, as the vendor's own sample programs write it (DspreadOrg/qpos, fulldemoBle&USB/lib/packet.js;
// DspreadOrg/LinuxSDK): 'M', length of what follows but the LRC, command id, command, subcommand, timeout of a request or result
// of an answer, length of the data, data, exclusive or of everything before.
import { concat } from '@keywright/crypto';
import { type Damaged, lrcOf } from '../frame-parser.ts';
import { LengthFramedParser, type LengthFraming } from '../length-framed-parser.ts';

const START = 0x4d;
/** From the start to the length of the data. */
const HEADER_LENGTH = 9;
const LRC_LENGTH = 1;
/** What the length field counts besides the data: command id, command, subcommand, timeout, length of the data. */
const COUNTED = 6;

/** The vendor's own limit of a package. */
export const LONGEST_DATA = 4096;

export interface QposFrame {
  readonly kind: 'frame';
  readonly commandId: number;
  readonly command: number;
  readonly subcommand: number;
  /** Seconds in a request, the result in an answer. */
  readonly timeoutOrResult: number;
  readonly data: Uint8Array;
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

/** @throws RangeError when the data have more than 4096 bytes, or a field more than one */
export function encodeQposFrame({
  commandId,
  command,
  subcommand,
  timeoutOrResult,
  data,
}: Omit<QposFrame, 'kind'>): Uint8Array {
  if (data.length > LONGEST_DATA) throw new RangeError(`data must be at most ${LONGEST_DATA} bytes`);
  const fields = [commandId, command, subcommand, timeoutOrResult];
  if (fields.some((field) => field < 0 || field > 255)) throw new RangeError('each field must be one byte');
  const checked = concat(
    Uint8Array.of(START),
    uint16(COUNTED + data.length),
    Uint8Array.from(fields),
    uint16(data.length),
    data,
  );
  return concat(checked, Uint8Array.of(lrcOf(checked)));
}

const FRAMING: LengthFraming<QposFrame> = {
  start: START,
  prefixLength: HEADER_LENGTH,
  measure(prefix) {
    const counted = 256 * prefix[1]! + prefix[2]!;
    const dataLength = 256 * prefix[7]! + prefix[8]!;
    if (counted !== COUNTED + dataLength || dataLength > LONGEST_DATA) return undefined;
    return HEADER_LENGTH + dataLength + LRC_LENGTH;
  },
  read(bytes) {
    if (lrcOf(bytes) !== 0) return 'CHECK';
    const [commandId, command, subcommand, timeoutOrResult] = bytes.subarray(3, 7);
    return {
      kind: 'frame',
      commandId: commandId!,
      command: command!,
      subcommand: subcommand!,
      timeoutOrResult: timeoutOrResult!,
      data: bytes.slice(HEADER_LENGTH, -LRC_LENGTH),
    };
  },
};

export function createQposParser(): LengthFramedParser<QposFrame | Damaged> {
  return new LengthFramedParser(FRAMING);
}
