import { combineComponents, keyCheckValue, randomBytes, Secret, splitKey } from '@keywright/crypto';
import type { PosTerminal } from '@keywright/terminal';
import { importKek } from '../ceremony/import-kek.ts';
import { openRsaRoute } from '../ceremony/rsa-route.ts';
import { Failure } from '../failure.ts';
import type { Host, HostKey } from './host.ts';
import type { Transcript } from './transcript.ts';

const COMPONENTS = 3;

/** The sheets that the custodians carry; in the story they never leave the process. */
function makeComponents(): readonly { component: Secret; kcv: string }[] {
  using key = Secret.take(randomBytes(16));
  return splitKey({ algorithm: 'AES', key, count: COMPONENTS }).components;
}

async function enterAtTerminal(
  terminal: PosTerminal,
  components: readonly Secret[],
): Promise<string | undefined> {
  for (const [i, component] of components.entries()) {
    const input = { algorithm: 'AES', component, number: i + 1, of: components.length } as const;
    const result = await terminal.loadKeyComponent(0, input);
    if (!result.ok) throw new Failure(`the terminal refused component ${i + 1}: ${result.message}`);
    if (result.status === 'LOADED') return result.kcv;
  }
  throw new Failure('the terminal wants more components');
}

/**
 * Both sides form the same KEK from paper components.
 *
 * @returns the host's key, and the key itself as the other party has it, for the caller to dispose of
 */
export async function setUpKek(
  host: Host,
  terminal: PosTerminal,
  out: Transcript,
): Promise<{ kek: HostKey; otherParty: Secret }> {
  const sheets = makeComponents();
  for (const [i, { kcv }] of sheets.entries())
    out.say(`custodian ${i + 1} holds a component with KCV ${kcv}`);
  const components = sheets.map(({ component }) => component);
  const { key } = combineComponents({ algorithm: 'AES', components });
  const kcv = keyCheckValue('AES', key);
  await using route = await openRsaRoute({ service: host.keys, now: Date.now });
  const usage = 'TR31_K0_KEY_ENCRYPTION_KEY';
  const arn = await importKek(host.keys, route, {
    key,
    kcv,
    algorithm: 'AES_128',
    usage,
    exportable: true,
  });
  out.say(`the host imported it, RSA-wrapped: ${arn}`);
  out.agree('KCV of the KEK', await enterAtTerminal(terminal, components), kcv);
  for (const component of components) component[Symbol.dispose]();
  return { kek: { arn, kcv }, otherParty: key };
}
