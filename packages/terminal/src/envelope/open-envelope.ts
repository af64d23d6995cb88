import { type PolicyName, type Relaxation, relaxes } from '../policy.ts';
import { TerminalError } from '../refusals.ts';
import type { EnvelopeReading, UnverifiedPart } from '../results.ts';
import { looksLikeQposEnvelope, readQposEnvelope } from './qpos-envelope.ts';

/** Of the envelope of a QPOS: everything but its form and its key block. */
const UNVERIFIED: readonly UnverifiedPart[] = ['recipient', 'wrapped-kbpk', 'signature', 'freshness'];

/** A key block, and what came around it. */
export interface OpenedEnvelope {
  readonly block: string;
  readonly ksn?: string;
  readonly relaxations: readonly Relaxation[];
  readonly envelope?: EnvelopeReading;
}

/**
 * Takes a key block out of a vendor's envelope; a bare block stays as it is. The block is then opened under the terminal's own
 * key block protection key: the one inside the envelope nobody but the vendor's device can have.
 *
 * @throws TerminalError ENVELOPE
 */
export function openEnvelope(text: string, policy: PolicyName): OpenedEnvelope {
  if (!looksLikeQposEnvelope(text)) return { block: text, relaxations: [] };
  const { block, ksn, timestamp } = readQposEnvelope(text);
  if (!relaxes(policy, 'ENVELOPE_UNVERIFIED')) {
    const message = `nothing but the form of a QPOS envelope can be verified: not its ${UNVERIFIED.join(', ')}`;
    throw new TerminalError('ENVELOPE', message);
  }
  const envelope = { format: 'qpos', timestamp, unverified: UNVERIFIED } as const;
  return { block, ksn, relaxations: ['ENVELOPE_UNVERIFIED'], envelope };
}
