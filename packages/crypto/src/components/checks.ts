import type { Secret } from '../bytes/secret.ts';
import { ComponentError } from './component-error.ts';

export type ComponentAlgorithm = 'TDES' | 'AES';

const KEY_LENGTHS: Record<ComponentAlgorithm, readonly number[]> = { TDES: [16, 24], AES: [16, 24, 32] };

/** Compares, in constant time, what the cipher reads: DES leaves the lowest bit of each byte, its parity, aside. */
function sameKey(algorithm: ComponentAlgorithm, left: Uint8Array, right: Uint8Array): boolean {
  const mask = algorithm === 'TDES' ? 0xfe : 0xff;
  return left.reduce((difference, byte, i) => difference | ((byte ^ right[i]!) & mask), 0) === 0;
}

function isZero(algorithm: ComponentAlgorithm, key: Secret): boolean {
  return key.expose((bytes) => sameKey(algorithm, bytes, new Uint8Array(bytes.length)));
}

function areSame(algorithm: ComponentAlgorithm, left: Secret, right: Secret): boolean {
  return left.expose((a) => right.expose((b) => sameKey(algorithm, a, b)));
}

/** Two equal neighbours undo each other (NIST SP 800-67, section 3.1). K1 = K3 is no such case: it is two-key TDES. */
function isSingleDes(key: Secret): boolean {
  return key.expose((bytes) => {
    const [k1, k2, k3] = [bytes.subarray(0, 8), bytes.subarray(8, 16), bytes.subarray(16)];
    return sameKey('TDES', k1, k2) || (k3.length > 0 && sameKey('TDES', k2, k3));
  });
}

/** @throws ComponentError unless the key is worth splitting, or keeping */
export function assertKey(algorithm: ComponentAlgorithm, key: Secret): void {
  const lengths = KEY_LENGTHS[algorithm];
  if (!lengths.includes(key.length)) {
    const message = `${algorithm} key must be ${lengths.join(' or ')} bytes, got ${key.length}`;
    throw new ComponentError('KEY_LENGTH', message);
  }
  if (isZero(algorithm, key)) throw new ComponentError('KEY_ZERO', 'the key is all zeros');
  if (algorithm === 'TDES' && isSingleDes(key)) {
    throw new ComponentError('KEY_SINGLE_DES', 'neighbouring DES keys are equal, which leaves single DES');
  }
}

/** @throws ComponentError when a key can't have so many components */
export function assertCount(count: number): void {
  if (!Number.isInteger(count) || count < 2 || count > 9) {
    throw new ComponentError('COMPONENT_COUNT', `a key has 2 to 9 components, got ${count}`);
  }
}

function assertComponentLength(algorithm: ComponentAlgorithm, length: number, first: number, title: string) {
  const lengths = KEY_LENGTHS[algorithm];
  if (!lengths.includes(length)) {
    const message = `${title} must be ${lengths.join(' or ')} bytes for ${algorithm}, got ${length}`;
    throw new ComponentError('COMPONENT_LENGTH', message);
  }
  if (length !== first) {
    const message = `${title} must be ${first} bytes like component 1, got ${length}`;
    throw new ComponentError('COMPONENT_LENGTH', message);
  }
}

/** @throws ComponentError naming the first component that must not be combined with those before it */
export function assertComponents(algorithm: ComponentAlgorithm, components: readonly Secret[]): void {
  assertCount(components.length);
  for (const [i, component] of components.entries()) {
    const title = `component ${i + 1}`;
    assertComponentLength(algorithm, component.length, components[0]!.length, title);
    if (isZero(algorithm, component)) throw new ComponentError('COMPONENT_ZERO', `${title} is all zeros`);
    const twin = components.slice(0, i).findIndex((earlier) => areSame(algorithm, earlier, component));
    if (twin >= 0) {
      throw new ComponentError('COMPONENT_REPEATED', `${title} is the same as component ${twin + 1}`);
    }
  }
}

/** @throws ComponentError when one component alone is the key */
export function assertNotKey(
  algorithm: ComponentAlgorithm,
  components: readonly Secret[],
  key: Secret,
): void {
  const index = components.findIndex((component) => areSame(algorithm, component, key));
  if (index >= 0) {
    const message = `component ${index + 1} is the whole key: the others cancel each other`;
    throw new ComponentError('COMPONENT_IS_KEY', message);
  }
}
