import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CustodyService, MainKeyStatus } from '../../src/main-key/custody-client.ts';
import { rotateMainKey } from '../../src/main-key/rotate.ts';
import { ScriptedPrompts } from '../ceremony/scripted-prompts.ts';

const STATUS: MainKeyStatus = { kind: 'file', mainKeyId: '0011223344556677', rotating: true };

test('what the service would refuse is said before anybody is handed a share', async () => {
  const service = { mainKey: async () => STATUS } as CustodyService;
  const prompts = new ScriptedPrompts([]);
  const choice = { to: 'shares', shares: 3, threshold: 2 } as const;
  await assert.rejects(rotateMainKey(prompts, service, choice), /being replaced already/);
  assert.deepEqual([prompts.screen, prompts.sheets], [[], []]);
});
