import { setTimeout } from 'node:timers/promises';
import { Secret } from '@keywright/crypto';
import { makeShares, passphraseKeyOf } from '@keywright/service';
import type { Prompts } from '../ceremony/prompts.ts';
import { Failure } from '../failure.ts';
import { askNewPassphrase } from '../people/new-passphrase.ts';
import { untilApproved } from '../people/until-approved.ts';
import type { CustodyService, MainKeyStatus } from './custody-client.ts';
import { handOutShares, type Print } from './hand-out.ts';

export interface RotationChoice {
  readonly to: string;
  readonly shares?: number | undefined;
  readonly threshold?: number | undefined;
}

/** Milliseconds. */
const POLL = 1000;

export function describeMainKey(status: MainKeyStatus): string {
  const { kind, mainKeyId, rotating, retiring, seen = 0, resealed = 0, failed = 0 } = status;
  const now = `the main key is ${mainKeyId} (${kind})`;
  if (!rotating) return now;
  const stuck = failed > 0 ? `; ${failed} do not open, so that the old key stays: see the log` : '';
  return `${now}; ${retiring} retires: ${seen} records looked at, ${resealed} resealed in this walk${stuck}`;
}

async function requestOf(prompts: Prompts, choice: RotationChoice, print?: Print): Promise<object> {
  const { to: kind, shares, threshold } = choice;
  if (kind === 'passphrase') {
    using passphrase = Secret.copyOf(Buffer.from(await askNewPassphrase(prompts)));
    return { kind, passphraseKey: passphraseKeyOf(passphrase) };
  }
  if (kind !== 'shares') return { kind };
  if (shares === undefined || threshold === undefined)
    throw new Failure('shares need --shares and --threshold');
  using made = makeShares({ shares, threshold });
  await handOutShares(prompts, made, print);
  const texts = Array.from({ length: threshold }, (_, i) => made.text(i + 1));
  return { kind, set: made.set, shares: texts };
}

/** Said before anybody is handed a share that would be void. */
function assertReplaceable({ rotating }: MainKeyStatus): void {
  if (rotating) throw new Failure('the main key is being replaced already; see keywright main-key status');
}

/** Replaces the main key, and shows how far it is until no record is under the old one. @throws Aborted, Failure */
export async function rotateMainKey(
  prompts: Prompts,
  service: CustodyService,
  choice: RotationChoice,
  print?: Print,
): Promise<void> {
  assertReplaceable(await service.mainKey());
  const request = await requestOf(prompts, choice, print);
  let status = await untilApproved(prompts, () => service.rotate(request));
  prompts.say(`New records are sealed under ${status.mainKeyId} (${status.kind}) from now on`);
  while (status.rotating && !status.failed) {
    await setTimeout(POLL);
    status = await service.mainKey();
  }
  if (status.failed) throw new Failure(describeMainKey(status));
  prompts.say(`${describeMainKey(status)}, and the old one is destroyed`);
  prompts.warn(`Start the service with KEYWRIGHT_MAIN_KEY=${status.kind} from now on, and make a new backup`);
}
