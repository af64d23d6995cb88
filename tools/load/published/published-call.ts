import type { Call } from '../../bench/service-client.ts';

type Members = Readonly<Record<string, unknown>>;

/** A call with what of its answer is published. */
export interface PublishedCall extends Call {
  readonly expected: Members;
  /** Finds what is published in the answer, when it is not a member as it stands: a key in a block, say. */
  // biome-ignore lint/suspicious/noExplicitAny: each call knows its answer
  readonly see?: (answer: any) => Members;
}

/** Says which member of an answer is not what is published; undefined when all are. */
export function faultOf({ expected, see }: PublishedCall, answer: Members): string | undefined {
  const seen = see ? see(answer) : answer;
  const different = Object.keys(expected).find(
    (name) => JSON.stringify(seen[name]) !== JSON.stringify(expected[name]),
  );
  return different && `${different} is ${JSON.stringify(seen[different])}`;
}
