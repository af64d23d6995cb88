import type { Custody } from '../custody/custody.ts';
import type { Messages, Siblings } from './messages.ts';

function repeat(custody: Custody, message: Messages['custody']): void {
  if (message.action === 'unseal') custody.unseal(message.share);
  else if (message.action === 'seal') custody.seal();
  else custody.abortUnsealing();
}

/**
 * The same custody, in every process of the service: a share that one takes, all take, and all are sealed with one.
 *
 * @param onFailure is told that this process could not do what another did
 */
export function shareCustody(
  custody: Custody,
  siblings: Siblings,
  onFailure: (error: unknown) => void,
): Custody {
  siblings.hear('custody', (message) => {
    try {
      repeat(custody, message);
    } catch (error) {
      onFailure(error);
    }
  });
  return Object.create(custody, {
    unseal: {
      value: (share: string) => {
        const status = custody.unseal(share);
        siblings.tell('custody', { action: 'unseal', share });
        return status;
      },
    },
    seal: {
      value: () => {
        const status = custody.seal();
        siblings.tell('custody', { action: 'seal' });
        return status;
      },
    },
    abortUnsealing: {
      value: () => {
        const status = custody.abortUnsealing();
        siblings.tell('custody', { action: 'abort' });
        return status;
      },
    },
  });
}
