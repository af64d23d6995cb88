import { setTimeout } from 'node:timers/promises';
import { makeShares } from '@keywright/service';
import type { Prompts } from '../ceremony/prompts.ts';
import { Failure } from '../failure.ts';
import { OwnRefusal } from '../people/own-client.ts';
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

async function askPassphrase(prompts: Prompts): Promise<string> {
  const check = (answer: string) => ([...answer].length < 12 ? 'at least 12 characters' : undefined);
  const passphrase = await prompts.askSecret('New passphrase', check);
  const same = (answer: string) => (answer === passphrase ? undefined : 'not the same');
  await prompts.askSecret('The same again', same);
  return passphrase;
}

async function requestOf(prompts: Prompts, choice: RotationChoice, print?: Print): Promise<object> {
  const { to: kind, shares, threshold } = choice;
  if (kind === 'passphrase') return { kind, passphrase: await askPassphrase(prompts) };
  if (kind !== 'shares') return { kind };
  if (shares === undefined || threshold === undefined)
    throw new Failure('shares need --shares and --threshold');
  using made = makeShares({ shares, threshold });
  await handOutShares(prompts, made, print);
  const texts = Array.from({ length: threshold }, (_, i) => made.text(i + 1));
  return { kind, set: made.set, shares: texts };
}

/** Where it takes a second person, the very same request is made again once that person has approved it. */
async function begin(prompts: Prompts, service: CustodyService, request: object): Promise<MainKeyStatus> {
  for (;;) {
    try {
      return await service.rotate(request);
    } catch (error) {
      if (!(error instanceof OwnRefusal) || error.approvalRequest === undefined) throw error;
      prompts.warn(error.message);
      const again = await prompts.confirm(
        `Is the request ${error.approvalRequest} approved, and shall it go on?`,
      );
      if (!again) throw error;
    }
  }
}

/** Replaces the main key, and shows how far it is until no record is under the old one. @throws Aborted, Failure */
export async function rotateMainKey(
  prompts: Prompts,
  service: CustodyService,
  choice: RotationChoice,
  print?: Print,
): Promise<void> {
  let status = await begin(prompts, service, await requestOf(prompts, choice, print));
  prompts.say(`New records are sealed under ${status.mainKeyId} (${status.kind}) from now on`);
  while (status.rotating && !status.failed) {
    await setTimeout(POLL);
    status = await service.mainKey();
  }
  if (status.failed) throw new Failure(describeMainKey(status));
  prompts.say(`${describeMainKey(status)}, and the old one is destroyed`);
  prompts.warn(`Start the service with KEYWRIGHT_MAIN_KEY=${status.kind} from now on, and make a new backup`);
}
