export {
  type TerminalEvent,
  type TerminalEventKind,
  TerminalEvents,
  type TerminalListener,
} from './events.ts';
export { POLICY_NAMES, type PolicyName, RELAXATIONS, type Relaxation } from './policy.ts';
export * from './pos-terminal.ts';
export { type Finding, type Preflight, type PreflightOptions, preflight } from './preflight.ts';
export { findProfile, PROFILE_NAMES, PROFILES, type ProfileName, rulesOf } from './profiles/index.ts';
export { chooseKbpk, chooseSlot, type SlotWish } from './profiles/slot-choice.ts';
export type {
  Acceptance,
  DukptUse,
  Purpose,
  SlotIndex,
  SlotName,
  SlotProfile,
  SlotRules,
} from './profiles/slots.ts';
export { REFUSALS, type Refusal, TerminalError } from './refusals.ts';
export { answering, refusedBy } from './refused.ts';
export { RefusingTerminal } from './refusing-terminal.ts';
export { REMEDIES } from './remedies.ts';
export * from './results.ts';
export { PIN_RATE, type PinRate } from './software/pin-rate.ts';
export {
  openSoftwareTerminal,
  type SoftwareTerminal,
  type SoftwareTerminalOptions,
} from './software/software-terminal.ts';
export type { TerminalRules } from './software/terminal-core.ts';
export { type TerminalToken, TOKEN_TYPE } from './software/tr31-token.ts';
export type { DeviceKeySource } from './software/tr34-certificates.ts';
export { FileStore } from './store/file-store.ts';
export { MemoryStore } from './store/memory-store.ts';
export { openRack, type Rack } from './store/rack.ts';
export type { OpenStore, TerminalStore } from './store/terminal-store.ts';
