import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CIPHER_ENGINES, type CipherEngineName, cipherEngineName, selectCipherEngine } from '../src/index.ts';

/** The engine that the process began with, which `npm run test:openssl` makes OpenSSL's. */
const byDefault = cipherEngineName();

/** Uses an engine for the keys that are expanded in `use`, and goes back. */
export function withEngine<T>(engine: CipherEngineName, use: () => T): T {
  assert.equal(selectCipherEngine(engine), engine);
  try {
    return use();
  } finally {
    selectCipherEngine(byDefault);
  }
}

/** A test for each engine; the engine is in use while it runs. */
export function testEngines(title: string, run: (t: TestContext) => void): void {
  for (const engine of CIPHER_ENGINES) test(`${title} [${engine}]`, (t) => withEngine(engine, () => run(t)));
}
