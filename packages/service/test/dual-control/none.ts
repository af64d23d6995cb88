import type { DualControl } from '../../src/dual-control/policy-record.ts';

const OFF = { enabled: false };

/** Dual control that is off, for tests without a store. */
export const NO_DUAL_CONTROL = {
  current: async () => OFF,
  recent: async () => OFF,
} as unknown as DualControl;
