import { Secret } from '../../bytes/secret.ts';
import type { CompositeOperations, DukptWalk } from '../engine.ts';
import type { FastModule } from './module.ts';

function putKey({ bytes, keyAt, chainAt }: FastModule, key: Secret, { initialKeyId }: DukptWalk): void {
  key.expose((clear) => bytes.set(clear, keyAt));
  bytes.set(initialKeyId, chainAt);
}

function takeKey({ bytes, keyAt }: FastModule, length: number): Secret {
  const key = bytes.slice(keyAt, keyAt + length);
  bytes.fill(0, keyAt, keyAt + length);
  return Secret.take(key);
}

/** `CompositeOperations.tdesDukptKey`. */
export function deriveTdesDukptKey(
  module: FastModule,
  key: Secret,
  walk: DukptWalk,
  variant: Uint8Array,
  oneWay: boolean,
): Secret {
  putKey(module, key, walk);
  module.bytes.set(variant, module.chainAt + 16);
  module.run.deriveTdesDukpt(walk.counter, walk.fromBdk, oneWay);
  return takeKey(module, 16);
}

/** `CompositeOperations.aesDukptKey`. */
export function deriveAesDukptKey(
  module: FastModule,
  key: Secret,
  walk: DukptWalk,
  working: Parameters<CompositeOperations['aesDukptKey']>[2],
): Secret {
  putKey(module, key, walk);
  const { usage, algorithm, length } = working ?? { usage: 0, algorithm: 0, length: key.length };
  const { run } = module;
  run.deriveAesDukpt(key.length, walk.counter, walk.fromBdk, working !== undefined, usage, algorithm, length);
  return takeKey(module, length);
}
