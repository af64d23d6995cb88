/** What the processes of a service tell each other about the service itself, each kind with its content. */
export interface Messages {
  /** To the custodies of all: what custodians did in one. */
  readonly custody:
    | { readonly action: 'unseal'; readonly share: string }
    | { readonly action: 'seal' | 'abort' };
}

export type Kind = keyof Messages;

/** The other processes of the service; none where it is one process. */
export interface Siblings {
  tell<K extends Kind>(kind: K, content: Messages[K]): void;
  /** @param hear is called with what others tell, never with what this process tells */
  hear<K extends Kind>(kind: K, hear: (content: Messages[K]) => void): void;
}

/** A message to all other processes, on its way. */
export interface Told {
  readonly kind: Kind;
  readonly content: Messages[Kind];
}

/** What a worker tells the primary: how far it is, or something for all. */
export type FromWorker =
  | { readonly type: 'prepared' }
  | { readonly type: 'ready'; readonly url: string; readonly port: number }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'told'; readonly told: Told };

/** What the primary tells a worker. */
export type ToWorker =
  | { readonly type: 'listen' }
  | { readonly type: 'close' }
  | { readonly type: 'told'; readonly told: Told };

/** Siblings that take in what comes from them. */
export interface HearingSiblings extends Siblings {
  receive(told: Told): void;
}

/** Siblings over a way to send. */
export function siblingsOver(send: (told: Told) => void): HearingSiblings {
  const listeners = new Map<Kind, ((content: never) => void)[]>();
  return {
    tell: (kind, content) => send({ kind, content }),
    hear(kind, hear) {
      listeners.set(kind, [...(listeners.get(kind) ?? []), hear]);
    },
    receive({ kind, content }) {
      for (const hear of listeners.get(kind) ?? []) hear(content as never);
    },
  };
}
