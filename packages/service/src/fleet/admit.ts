import type { TerminalRecord } from '../store/fleet/fleet-store.ts';
import { sameCheckValue } from './check-value.ts';
import type { FleetContext } from './fleet-context.ts';
import { quarantine, recordIncident } from './incidents.ts';

/** A terminal that an agent has at hand. */
export interface TerminalAtHand {
  readonly serial: string;
  /** The check value of its KEK, as the terminal tells it; none when it has no KEK. */
  readonly kekCheckValue?: string;
  /** The device tells no check values: only the key in use will show that it is the right one. */
  readonly tellsNone?: true;
}

/** Why a terminal may get no keys. */
export type NotAdmitted = 'UNKNOWN_SERIAL' | 'NO_KEK' | 'KEK_MISMATCH' | 'QUARANTINED' | 'DECOMMISSIONED';

/** Whether a terminal may get keys, by what is known of it and by what it shows. */
export async function admit(
  { serial, kekCheckValue, tellsNone }: TerminalAtHand,
  terminal: TerminalRecord | undefined,
  context: FleetContext,
): Promise<NotAdmitted | undefined> {
  if (terminal === undefined) {
    await recordIncident('UNKNOWN_SERIAL', serial, 'an agent has a terminal that nobody registered', context);
    return 'UNKNOWN_SERIAL';
  }
  if (terminal.state === 'QUARANTINED' || terminal.state === 'DECOMMISSIONED') return terminal.state;
  if (terminal.kekCheckValue === undefined || (kekCheckValue === undefined && !tellsNone)) return 'NO_KEK';
  if (kekCheckValue !== undefined && !sameCheckValue(kekCheckValue, terminal.kekCheckValue)) {
    const detail = `its KEK has check value ${kekCheckValue}, not ${terminal.kekCheckValue}`;
    await quarantine('KEK_MISMATCH', serial, detail, context);
    return 'KEK_MISMATCH';
  }
  if (terminal.state === 'REGISTERED') await bootstrap(terminal, context);
  return undefined;
}

/** The terminal has shown that it has its KEK. */
async function bootstrap({ region, serial }: TerminalRecord, { store }: FleetContext): Promise<void> {
  await store.fleet.moveTerminal({ region, serial, state: 'BOOTSTRAPPED', reason: undefined }, [
    'REGISTERED',
  ]);
}
