export { POLICY_NAMES, type PolicyName, RELAXATIONS, type Relaxation } from './policy.ts';
export * from './pos-terminal.ts';
export { REFUSALS, type Refusal, TerminalError } from './refusals.ts';
export type { KeyAttributes, Purpose, SlotIndex, SlotName } from './slots.ts';
export {
  openSoftwareTerminal,
  type SoftwareTerminal,
  type SoftwareTerminalOptions,
} from './software-terminal.ts';
