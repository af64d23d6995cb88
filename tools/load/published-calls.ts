import { callService, type Endpoint } from '../bench/service-client.ts';
import { meetPartner } from './ecdh.ts';
import { type ImportKey, importCalls, importKeys } from './known-keys.ts';
import { cards } from './published/cards.ts';
import { cryptograms } from './published/cryptograms.ts';
import { data, reEncryption } from './published/data.ts';
import { kekValidations } from './published/kek-validations.ts';
import { importKbpk, keyTranslation } from './published/key-blocks.ts';
import { keyTransfers } from './published/key-transfers.ts';
import { type Arns, KEYS } from './published/keys.ts';
import { macs } from './published/macs.ts';
import { pinChanges } from './published/pin-changes.ts';
import { pinTranslations } from './published/pin-translations.ts';
import { pins } from './published/pins.ts';
import type { PublishedCall } from './published/published-call.ts';
import { sampleTerminals } from './published/sample-terminals.ts';

async function repeatableCalls(importKey: ImportKey, arns: Arns): Promise<PublishedCall[]> {
  return [
    ...macs(arns),
    ...cards(arns),
    ...data(arns),
    reEncryption(arns),
    ...cryptograms(arns),
    ...pins(arns),
    ...pinTranslations(arns),
    ...(await pinChanges(importKey, arns)),
    ...(await kekValidations(importKey)),
  ];
}

/** Calls whose answers are published, on keys that they bring into the service. */
export interface PublishedCalls {
  /** Of every operation of the data plane. */
  readonly repeatable: readonly PublishedCall[];
  /** Long lists of a kind, and imports, of which each leaves a key behind. */
  readonly once: readonly PublishedCall[];
}

export async function makePublishedCalls(endpoint: Endpoint): Promise<PublishedCalls> {
  const importCall = await importCalls(endpoint);
  const importKey: ImportKey = async (key) => (await callService(endpoint, importCall(key))).Key.KeyArn;
  const sendKey = await meetPartner(endpoint);
  const arns = { ...(await importKeys(importKey, KEYS)), kbpk: await importKbpk(endpoint, sendKey) };
  return {
    repeatable: [...(await repeatableCalls(importKey, arns)), keyTranslation(arns, sendKey)],
    once: [...keyTransfers(importCall, arns), ...(await sampleTerminals(importKey, arns))],
  };
}
