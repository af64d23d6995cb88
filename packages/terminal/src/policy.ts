import type { WarningCode } from '@keywright/crypto';

/** Departures from ANSI X9.143, and from what a terminal should take, that some terminals take all the same. */
export const RELAXATIONS = {
  MODE_OF_USE: 'mode of use N, where the key usage asks for another',
  KBPK_TOO_WEAK: 'a key stronger than its key block protection key',
  EQUAL_DES_KEYS: 'a TDES key whose first two DES keys are equal',
  DEPRECATED_VERSION: 'a key block of version A or C',
  OPTIONAL_BLOCK: 'optional block KS on an AES key, or PB before another block',
  OPTIONAL_BLOCK_DATA: 'an optional block whose data are not what the standard asks for',
  EXTENDED_LENGTH: 'the length of an extended length counted in bytes',
  LOWER_CASE: 'hexadecimal digits in lower case',
  SCHEME_LETTER: 'the scheme letter of a payShield before the block',
  INITIAL_KEY_AS_K0: 'an initial DUKPT key under key usage K0',
  SAME_VERSION: 'a key replaced by one of the same version',
  ENVELOPE_UNVERIFIED:
    "a key block taken out of a vendor's envelope of which not everything could be verified",
  KEY_CRYPTOGRAM: 'a key as a bare cryptogram (TDES ECB under a KEK), bound to nothing',
  CLEAR_COMPONENT: 'components of a KEK for one slot while another has a KEK',
} as const;

export type Relaxation = keyof typeof RELAXATIONS;

/**
 * What a terminal lets pass. `strict` is X9.143 and PCI PIN and nothing else; `compat:<vendor>` is what that vendor's published
 * demos and manuals do; `compat:any` is all of it, to find out what an unknown sender's blocks need.
 */
const POLICIES = {
  strict: [],
  'compat:qpos': [
    'MODE_OF_USE',
    'KBPK_TOO_WEAK',
    'EQUAL_DES_KEYS',
    'DEPRECATED_VERSION',
    'SAME_VERSION',
    'ENVELOPE_UNVERIFIED',
    'KEY_CRYPTOGRAM',
    'CLEAR_COMPONENT',
  ],
  'compat:sunmi': ['INITIAL_KEY_AS_K0'],
  'compat:uic': ['DEPRECATED_VERSION'],
  'compat:any': Object.keys(RELAXATIONS) as Relaxation[],
} as const satisfies Record<string, readonly Relaxation[]>;

export type PolicyName = keyof typeof POLICIES;

export const POLICY_NAMES = Object.keys(POLICIES) as readonly PolicyName[];

/** @throws TypeError when there is no such policy */
export function assertPolicy(name: string): asserts name is PolicyName {
  if (!Object.hasOwn(POLICIES, name)) throw new TypeError(`policy must be one of ${POLICY_NAMES.join(', ')}`);
}

/** Whether a policy lets something pass, by the name of the relaxation or of the library's warning. */
export function relaxes(policy: PolicyName, name: Relaxation | WarningCode): name is Relaxation {
  return (POLICIES[policy] as readonly string[]).includes(name);
}
