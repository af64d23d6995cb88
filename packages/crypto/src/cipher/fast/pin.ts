import type { PinBlockEnd } from '../engine.ts';
import type { FastCipher } from './cipher.ts';
import type { FastModule } from './module.ts';

/** Where things stand from DATA on (assembly/pin.ts). */
const RANDOM = 16;
const INCOMING_PAN = 32;
const OUTGOING_PAN = 48;

/** To add nothing to a block of TDES; formats for AES have a PAN field. */
const NO_PAN = new Uint8Array(8);

/** `CompositeOperations.translatePin`, for ciphers that `translatesPin` let pass. */
export function translatePin(
  { run, bytes, dataAt }: FastModule,
  incoming: PinBlockEnd,
  outgoing: PinBlockEnd,
  block: Uint8Array,
  random: Uint8Array | undefined,
): Uint8Array | undefined {
  const [incomingKey, outgoingKey] = [incoming.cipher as FastCipher, outgoing.cipher as FastCipher];
  incomingKey.ready();
  const to = outgoingKey.ready();
  // Again: the other key may have got its slot.
  const from = incomingKey.ready();
  bytes.set(block, dataAt);
  if (random !== undefined) bytes.set(random, dataAt + RANDOM);
  bytes.set(incoming.panField ?? NO_PAN, dataAt + INCOMING_PAN);
  bytes.set(outgoing.panField ?? NO_PAN, dataAt + OUTGOING_PAN);
  const [lowest, highest] = incoming.rules.fill;
  const { control, fill } = outgoing.rules;
  const right = run.translatePin(from, to, incoming.rules.control, lowest, highest, control, fill[0]);
  return right ? bytes.slice(dataAt, dataAt + outgoingKey.blockLength) : undefined;
}
