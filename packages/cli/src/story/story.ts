import { openSoftwareTerminal, type PosTerminal } from '@keywright/terminal';
import { Failure } from '../failure.ts';
import { startFreshService } from './fresh-service.ts';
import { Host, type HostKey } from './host.ts';
import { type Ciphertext, decryptTrack, type Issuer, introduceIssuer, prove } from './prove.ts';
import { setUpKek } from './set-up-kek.ts';
import { createBdk, loadInitialKey, TERMINAL_KEYS } from './terminal-key.ts';
import { type Transcript, transcript } from './transcript.ts';

const REGION = 'us-east-2';

interface Cast {
  readonly host: Host;
  readonly pos: PosTerminal;
  readonly out: Transcript;
}

async function createBdks({ host, out }: Cast): Promise<HostKey[]> {
  const bdks: HostKey[] = [];
  for (const key of TERMINAL_KEYS) {
    const bdk = await createBdk(host, key);
    out.say(`BDK, ${key.algorithm}: ${bdk.arn}, KCV ${bdk.kcv}`);
    bdks.push(bdk);
  }
  return bdks;
}

async function loadAll(cast: Cast, bdks: readonly HostKey[], kek: HostKey, version: string): Promise<void> {
  for (const [i, key] of TERMINAL_KEYS.entries()) {
    await loadInitialKey(cast, { bdk: bdks[i]!, kek, version, key });
  }
}

async function proveAll(cast: Cast, bdks: readonly HostKey[], issuer: Issuer): Promise<Ciphertext[]> {
  const tracks: Ciphertext[] = [];
  for (const [i, key] of TERMINAL_KEYS.entries())
    tracks.push(await prove({ ...cast, issuer }, bdks[i]!, key));
  return tracks;
}

/** A new KEK travels under the old one, with a higher key version. */
async function rotateKek({ host, pos, out }: Cast, old: HostKey): Promise<HostKey> {
  const kek = await host.createKey({
    KeyUsage: 'TR31_K0_KEY_ENCRYPTION_KEY',
    KeyAlgorithm: 'AES_128',
    KeyModesOfUse: { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true },
  });
  const headers = { KeyVersion: '01', KeyModesOfUse: { Decrypt: true, Unwrap: true } };
  const { block, kcv } = await host.exportKey(kek, old, headers);
  out.keyBlock('new KEK under the old one', block);
  const result = await pos.sendTR31Key(block);
  if (!result.ok) throw new Failure(`the terminal refused the new KEK: ${result.status}: ${result.message}`);
  out.agree('KCV of the new KEK', result.kcv, kcv);
  return kek;
}

/** What was loaded once and is older than what is loaded now must not come back. */
async function tryReplay({ host, pos, out }: Cast, bdk: HostKey, kek: HostKey): Promise<void> {
  const [key] = TERMINAL_KEYS;
  const headers = { OptionalBlocks: { ...key!.optionalBlocks } };
  const { block } = await host.exportKey(bdk, kek, headers, key!.ksn);
  const result = await pos.sendTR31Key(block, { index: key!.index });
  if (result.ok) throw new Failure('the terminal took an older key over a newer one');
  out.say(`the old key again, version 00: refused, ${result.status}`);
}

/**
 * Lives the whole story against a fresh service and a software terminal: a KEK from components, a BDK, its initial keys as
 * TR-31 blocks, the terminal, the proof in use, and the rotation.
 *
 * @throws whatever did not hold
 */
export async function tellStory(write: (line: string) => void): Promise<void> {
  const out = transcript(write);
  await using service = await startFreshService();
  await using pos = await openSoftwareTerminal({
    directory: service.scratch,
    serial: 'STORY-0001',
    policy: 'strict',
  });
  const cast: Cast = { host: new Host(service, REGION), pos, out };
  out.say(`service ${service.url}, region ${REGION}; terminal STORY-0001`);

  out.step('Set up the KEK with the other party, from paper components');
  const { kek, otherParty } = await setUpKek(cast.host, pos, out);
  using _ = otherParty;

  out.step('Create the keys');
  const bdks = await createBdks(cast);

  out.step('Export an initial key as a TR-31 block under the KEK, and send it to the terminal');
  await loadAll(cast, bdks, kek, '00');

  out.step('Prove the keys in use');
  const issuer = await introduceIssuer(cast.host, kek, otherParty, out);
  using __ = issuer.key;
  const before = await proveAll(cast, bdks, issuer);

  out.step('Rotate the KEK and the keys under it, with nothing lost');
  const newKek = await rotateKek(cast, kek);
  const newBdks = await createBdks(cast);
  await loadAll(cast, newBdks, newKek, '01');
  await proveAll(cast, newBdks, issuer);
  await tryReplay(cast, bdks[0]!, newKek);
  for (const track of before) await decryptTrack(cast.host, track, out);
  write('\nAll of it held.');
}
