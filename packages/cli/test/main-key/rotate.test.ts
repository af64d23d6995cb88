import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CustodyService, MainKeyStatus } from '../../src/main-key/custody-client.ts';
import { rotateMainKey } from '../../src/main-key/rotate.ts';
import { ScriptedPrompts } from '../ceremony/scripted-prompts.ts';

const STATUS: MainKeyStatus = { kind: 'file', mainKeyId: '0011223344556677', rotating: false, workers: 1 };

test('what the service would refuse is said before anybody is handed a share', async () => {
  for (const [change, message] of [
    [{ workers: 4 }, /has 4 processes; start it with KEYWRIGHT_WORKERS=1/],
    [{ rotating: true }, /being replaced already/],
  ] as const) {
    const service = { mainKey: async () => ({ ...STATUS, ...change }) } as CustodyService;
    const prompts = new ScriptedPrompts([]);
    await assert.rejects(rotateMainKey(prompts, service, { to: 'shares', shares: 3, threshold: 2 }), message);
    assert.deepEqual([prompts.screen, prompts.sheets], [[], []]);
  }
});
