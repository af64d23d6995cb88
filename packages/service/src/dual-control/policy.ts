import { PERSON_ROLES, type PersonRole } from '../access/person.ts';
import { matchesGlob } from '../policy/glob.ts';

/** What a rule is asked about. */
export interface Action {
  /** An operation of AWS's, or a route of the service's own interface. */
  readonly name: string;
  /** The usages of the keys that move or change; unknown ones are `?`, and count as any. */
  readonly usages: readonly string[];
  /** The member of KeyMaterial by which a key comes in or goes out. */
  readonly material?: string | undefined;
}

/** Which actions need how many people besides the one who asks. The first rule that fits decides. */
export interface Rule {
  /** Names, with `*` for any characters. */
  readonly actions: readonly string[];
  /** Fits only if one of the keys is of one of these usages, or the material is one of these; without either, always. */
  readonly usages?: readonly string[] | undefined;
  readonly materials?: readonly string[] | undefined;
  /** How many people must approve; 0 makes an exception of a later rule. */
  readonly approvals: number;
  /** Whose approval counts. */
  readonly approvers: readonly PersonRole[];
}

/** What the holder of the file aws-credentials may still do: all that needs no approval, or nothing at all. */
export const OPERATOR_LIMITS = ['no-dual-control', 'nothing'] as const;

export interface DualControlPolicy {
  /** Counts the changes, over being switched off too. */
  readonly version: number;
  readonly enabled: boolean;
  readonly rules: readonly Rule[];
  /** How long a request waits for its approvals, and an approved one for being carried out. */
  readonly hoursToDecide: number;
  readonly hoursToUse: number;
  readonly operator: (typeof OPERATOR_LIMITS)[number];
}

const KEK_USAGES = ['TR31_K*'];

/** Who can make and change these can make himself everything else: no policy leaves them out. */
const ALWAYS: Rule = {
  actions: [
    'CreatePerson',
    'ChangeRoles',
    'ResetPerson',
    'CreateAccessKey',
    'PutAccessKeyPolicy',
    'ChangeDualControl',
    'DisableDualControl',
  ],
  approvals: 1,
  approvers: ['administrator'],
};

/** Everything that moves or ends key material, or changes who may do so. */
export const DEFAULT_RULES: readonly Rule[] = [
  {
    actions: [
      ...ALWAYS.actions,
      'DisablePerson',
      'DeactivateAccessKey',
      'Approvals.AddMember',
      'Approvals.CreateTeam',
    ],
    approvals: 1,
    approvers: ['administrator'],
  },
  {
    actions: ['ImportKey'],
    usages: KEK_USAGES,
    materials: ['RootCertificatePublicKey', 'TrustedCertificatePublicKey'],
    approvals: 1,
    approvers: ['approver'],
  },
  {
    actions: ['ExportKey'],
    usages: KEK_USAGES,
    // Under another party's public key, not under a KEK that people have set up.
    materials: ['Tr34KeyBlock', 'KeyCryptogram', 'DiffieHellmanTr31KeyBlock'],
    approvals: 1,
    approvers: ['approver'],
  },
  {
    actions: [
      'DeleteKey',
      'PutResourcePolicy',
      'DeleteResourcePolicy',
      'OpenReceiveCeremony',
      'CompleteReceiveCeremony',
      'OpenSendCeremony',
      'CompleteSendCeremony',
      'StartRotation',
      'CompleteRotation',
      'RollBackRotation',
      'StartFleetRun',
      'RotateMainKey',
      'CreateBackup',
      'AssignFleetKek',
      'DecommissionFleetTerminal',
    ],
    approvals: 1,
    approvers: ['approver'],
  },
];

export const DEFAULT_POLICY: Omit<DualControlPolicy, 'version'> = {
  enabled: true,
  rules: DEFAULT_RULES,
  hoursToDecide: 24,
  hoursToUse: 24,
  operator: 'no-dual-control',
};

function isOneOf(patterns: readonly string[], names: readonly string[]): boolean {
  return patterns.some((pattern) => names.some((name) => name === '?' || matchesGlob(pattern, name)));
}

function fits({ actions, usages, materials }: Rule, { name, usages: found, material }: Action): boolean {
  if (!isOneOf(actions, [name])) return false;
  if (usages === undefined && materials === undefined) return true;
  return isOneOf(usages ?? [], found) || (material !== undefined && isOneOf(materials ?? [], [material]));
}

/** The rule for an action; undefined when nobody else is needed. */
export function findRule({ enabled, rules }: DualControlPolicy, action: Action): Rule | undefined {
  if (!enabled) return undefined;
  const rule = rules.find((one) => fits(one, action));
  if ((rule === undefined || rule.approvals === 0) && fits(ALWAYS, action)) return ALWAYS;
  return rule?.approvals === 0 ? undefined : rule;
}

/** Might an action of that name need somebody else, depending on its input? */
export function mayNeedApproval({ enabled, rules }: DualControlPolicy, name: string): boolean {
  return enabled && [...rules, ALWAYS].some(({ actions }) => isOneOf(actions, [name]));
}

/** JSON Schema of a rule; the policy's own API takes it. */
export const RULE_SCHEMA = {
  type: 'object',
  properties: {
    actions: {
      type: 'array',
      items: { type: 'string', pattern: '^[A-Za-z.*]{1,64}$' },
      minItems: 1,
      maxItems: 100,
    },
    usages: { type: 'array', items: { type: 'string', pattern: '^TR31_[A-Z0-9_*]{1,64}$' }, minItems: 1 },
    materials: { type: 'array', items: { type: 'string', pattern: '^[A-Za-z0-9*]{1,64}$' }, minItems: 1 },
    approvals: { type: 'integer', minimum: 0, maximum: 9 },
    approvers: { type: 'array', items: { enum: PERSON_ROLES }, minItems: 1, uniqueItems: true },
  },
  required: ['actions', 'approvals', 'approvers'],
  additionalProperties: false,
} as const;
