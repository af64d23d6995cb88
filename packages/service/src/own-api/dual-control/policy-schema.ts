import { type DualControlPolicy, OPERATOR_LIMITS, RULE_SCHEMA } from '../../dual-control/policy.ts';
import type { Schema, Schemas } from '../route.ts';
import { listOf, objectOf, TEXT } from '../schemas.ts';

const HOURS: Schema = { type: 'integer', minimum: 1, maximum: 24 * 7 };

/** What of a policy can be chosen. */
export const CHOICES: Schemas = {
  rules: { type: 'array', items: RULE_SCHEMA, maxItems: 100 },
  hoursToDecide: HOURS,
  hoursToUse: HOURS,
  operator: {
    enum: OPERATOR_LIMITS,
    description:
      'What the access key in the file aws-credentials may still do: what needs no approval, or nothing',
  },
};

export const POLICY: Schema = objectOf({
  ...CHOICES,
  version: { type: 'integer' },
  enabled: { type: 'boolean' },
});

/** A policy, and what its rules lack to be usable. */
export const POLICY_WITH_WARNINGS: Schema = objectOf({ policy: POLICY, warnings: listOf(TEXT) });

export type Choices = Partial<Pick<DualControlPolicy, 'rules' | 'hoursToDecide' | 'hoursToUse' | 'operator'>>;
