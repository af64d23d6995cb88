import type { Worker } from 'node:cluster';
import type { FromWorker, ToWorker } from './messages.ts';

type WithoutId<Message> = Message extends { readonly id: number } ? Omit<Message, 'id'> : never;

/** What is asked of a worker, but for the id. */
type Question = WithoutId<Extract<ToWorker, { type: 'hold' | 'measure' }>>;
type Told = Extract<FromWorker, { type: 'settled' | 'measured' }>;

let last = 0;

/** A worker that can't be told anything any more is about to end; its exit says so, and is acted upon. */
export function send(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, () => undefined);
}

/** Asks a worker. @returns what it tells; undefined when it is gone */
export async function askWorker(worker: Worker, question: Question): Promise<Told | undefined> {
  last += 1;
  const id = last;
  using over = new DisposableStack();
  return await new Promise<Told | undefined>((resolve) => {
    const hear = (told: FromWorker) => {
      if ((told.type === 'settled' || told.type === 'measured') && told.id === id) resolve(told);
    };
    const miss = () => resolve(undefined);
    worker.on('message', hear).on('exit', miss);
    over.defer(() => worker.off('message', hear).off('exit', miss));
    if (worker.isConnected()) send(worker, { ...question, id } as ToWorker);
    else miss();
  });
}
