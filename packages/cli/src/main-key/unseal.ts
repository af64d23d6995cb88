import type { Prompts } from '../ceremony/prompts.ts';
import { OwnRefusal } from '../people/own-client.ts';
import type { CustodyService, SealStatus } from './custody-client.ts';

function describe({ given, threshold }: SealStatus): string {
  return `${given} of ${threshold} shares are there`;
}

async function giveShare(prompts: Prompts, service: CustodyService, before: SealStatus): Promise<SealStatus> {
  const typed = await prompts.askSecret(
    `Share ${(before.given ?? 0) + 1} of the ${before.threshold} that are needed (set ${before.setId})`,
    (answer) => (answer.trim() === '' ? 'the share on your sheet' : undefined),
  );
  try {
    return await service.unseal(typed);
  } catch (error) {
    if (!(error instanceof OwnRefusal)) throw error;
    prompts.warn(error.message);
    return service.status();
  }
}

/**
 * Unseals the service with the shares of the custodians who are at this terminal: as many as are needed, or one.
 *
 * @throws Aborted when somebody breaks off; the shares that were given stay for a quarter of an hour
 */
export async function unseal(prompts: Prompts, service: CustodyService, once: boolean): Promise<void> {
  let status = await service.status();
  if (!status.sealed) return prompts.say('The service is not sealed');
  prompts.say(`${service.endpoint} is sealed: ${describe(status)}`);
  while (status.sealed) {
    const before = status.given;
    status = await giveShare(prompts, service, status);
    if (status.sealed) prompts.say(describe(status));
    if (once && status.given !== before) break;
  }
  if (!status.sealed) prompts.say('The service is unsealed');
}
