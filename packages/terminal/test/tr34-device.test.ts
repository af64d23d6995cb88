// The terminal as a key receiving device, against tokens that the library makes as the host and as the authorities.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createCaRebindToken,
  createCaUnbindToken,
  createRebindToken,
  createUnbindToken,
  decodeHex,
  keyCheckValue,
} from '@keywright/crypto';
import { MemoryStore, type PosTerminal, type TerminalEvent } from '@keywright/terminal';
import python from '../../../vectors/tr34-python-kdh.json' with { type: 'json' };
import { block, hex, scratch } from './support.ts';
import {
  bindTo,
  boundDevice,
  Clock,
  CRLS,
  HOUR,
  KDH,
  KDH_CA,
  KEK,
  KRD,
  KRD_CA,
  keyToken,
  NEW_KDH,
  NOW,
  OTHER_KRD,
  openDevice,
  personalize,
  SECOND_KEK,
  secondPass,
} from './tr34-parties.ts';

const KDH_NAME = 'C=DE\nO=Keywright tests\nCN=KDH';
const { certificate: krdCertificate } = KRD;

async function statusOf(answer: Promise<{ status: string }>): Promise<string> {
  return (await answer).status;
}

test('two passes: the key arrives, and what comes under it', async () => {
  using terminal = await boundDevice();
  const result = await terminal.loadTR34Key(keyToken({ pass: await secondPass(terminal) }));
  assert.ok(result.ok, JSON.stringify(result));
  const { slot, kcv, usage, keyVersion } = result;
  assert.deepEqual([slot, kcv, usage, keyVersion], ['KEK-0', keyCheckValue('AES', hex(KEK)), 'K0', '00']);
  const under = await terminal.sendTR31Key(block(KEK, 'D', 'P0AE00N', SECOND_KEK));
  assert.equal(under.status, 'LOADED');
});

test('one pass: the key arrives, in either form and under each cipher', async () => {
  for (const form of ['X9_TR34_2012', 'X9_TR34_2019_CMS'] as const) {
    for (const contentCipher of ['DES_EDE3_CBC', 'AES_128_CBC', 'AES_256_CBC'] as const) {
      using terminal = await boundDevice();
      const result = await terminal.loadTR34Key(keyToken({ form, contentCipher }), { index: 4 });
      assert.ok(result.ok, JSON.stringify(result));
      assert.equal(result.slot, 'KEK-4');
    }
  }
});

test('key tokens that another implementation made are opened, each once', async () => {
  using terminal = await boundDevice();
  for (const [index, { token, key, cipher }] of python.tokens.entries()) {
    const result = await terminal.loadTR34Key(decodeHex(token), { index });
    assert.ok(result.ok, `${cipher}: ${JSON.stringify(result)}`);
    const kcv = keyCheckValue(result.algorithm === 'A' ? 'AES' : 'TDES', hex(key));
    assert.deepEqual([result.slot, result.kcv], [`KEK-${index}`, kcv]);
  }
  const [first] = python.tokens;
  assert.equal(await statusOf(terminal.loadTR34Key(decodeHex(first!.token), { index: 5 })), 'TOKEN_REPLAYED');
});

test('a random number is answered once; after a refusal another token may answer it', async () => {
  using terminal = await boundDevice();
  const pass = await secondPass(terminal);
  const token = keyToken({ pass });
  assert.equal(await statusOf(terminal.loadTR34Key(token, { expectedKcv: '000000' })), 'KCV_MISMATCH');
  assert.equal(
    await statusOf(terminal.loadTR34Key(keyToken())),
    'TOKEN_NONCE',
    'one pass where two are open',
  );
  assert.equal(await statusOf(terminal.loadTR34Key(token)), 'LOADED');
  assert.equal(await statusOf(terminal.loadTR34Key(token, { overwrite: true })), 'TOKEN_NONCE');
  await terminal.getTR34RandomToken();
  assert.equal(await statusOf(terminal.loadTR34Key(token, { overwrite: true })), 'TOKEN_NONCE');
});

test('a token of one pass is taken once, and none that is not newer, old, or from the future', async () => {
  const clock = new Clock();
  using terminal = await boundDevice({ clock: clock.read });
  const at = (time: number, key = KEK) => keyToken({ pass: { time: new Date(time) }, key: hex(key) });
  const options = { overwrite: true };
  assert.equal(await statusOf(terminal.loadTR34Key(at(NOW))), 'LOADED');
  assert.equal(await statusOf(terminal.loadTR34Key(at(NOW), { index: 1 })), 'TOKEN_REPLAYED');
  assert.equal(await statusOf(terminal.loadTR34Key(at(NOW - HOUR, SECOND_KEK), options)), 'TOKEN_REPLAYED');
  assert.equal(await statusOf(terminal.loadTR34Key(at(NOW + HOUR, SECOND_KEK), options)), 'TOKEN_REPLAYED');
  clock.now = NOW + 26 * HOUR;
  assert.equal(await statusOf(terminal.loadTR34Key(at(NOW + HOUR, SECOND_KEK), options)), 'TOKEN_REPLAYED');
  assert.equal(await statusOf(terminal.loadTR34Key(at(NOW + 3 * HOUR, SECOND_KEK), options)), 'LOADED');
});

test('power off: the binding, the certificates and the last token stay, the random number goes', async () => {
  using directory = scratch();
  {
    using terminal = await boundDevice({ directory: directory.path });
    assert.equal(await statusOf(terminal.loadTR34Key(keyToken())), 'LOADED');
  }
  let token: Uint8Array;
  {
    using terminal = openDevice({ directory: directory.path });
    assert.equal((await terminal.info()).host?.subject, KDH_NAME);
    assert.equal(await statusOf(terminal.loadTR34Key(keyToken(), { index: 1 })), 'TOKEN_REPLAYED');
    token = keyToken({ pass: await secondPass(terminal), key: hex(SECOND_KEK) });
  }
  using terminal = openDevice({ directory: directory.path });
  assert.equal(await statusOf(terminal.loadTR34Key(token, { index: 1 })), 'TOKEN_NONCE');
  const certificate = await terminal.getDeviceCertificate();
  assert.deepEqual(certificate, { certificate: krdCertificate, chain: [KRD_CA.certificate] });
});

test('the host hands the terminal over to another, which alone loads keys from then on', async () => {
  using terminal = await boundDevice();
  const { nonce } = await secondPass(terminal);
  const { certificate: newKdhCertificate } = NEW_KDH;
  const token = createRebindToken({ kdh: KDH, krdCertificate, newKdhCertificate, nonce, crl: CRLS.current });
  const rebound = await terminal.rebindTR34(token);
  assert.ok(rebound.ok && rebound.status === 'BOUND');
  assert.match(rebound.host!.subject, /CN=new KDH/);
  assert.equal(await statusOf(terminal.loadTR34Key(keyToken())), 'TOKEN_SIGNATURE');
  assert.equal(await statusOf(terminal.loadTR34Key(keyToken({ kdh: NEW_KDH, crl: CRLS.current }))), 'LOADED');
  assert.equal(await statusOf(terminal.rebindTR34(token)), 'TOKEN_NONCE');
});

test('the host releases the terminal, which any host of the authority may then bind', async () => {
  using terminal = await boundDevice();
  const { nonce } = await secondPass(terminal);
  const token = createUnbindToken({ kdh: KDH, krdCertificate, nonce });
  assert.deepEqual(await terminal.unbindTR34(token), { ok: true, status: 'UNBOUND' });
  assert.equal((await terminal.info()).host, undefined);
  assert.equal(await statusOf(terminal.loadTR34Key(keyToken())), 'NOT_BOUND');
  await bindTo(terminal, NEW_KDH);
  assert.equal(await statusOf(terminal.loadTR34Key(keyToken({ kdh: NEW_KDH }))), 'LOADED');
});

test("the terminal's authority rebinds it and releases it when the host can not", async () => {
  using terminal = await boundDevice();
  const about = { krdCertificate, kdhCertificate: KDH.certificate };
  const newKdhCertificate = NEW_KDH.certificate;
  const time = new Date(NOW - HOUR);
  const token = createCaRebindToken({ ...about, ca: KRD_CA, newKdhCertificate, time });
  assert.equal(await statusOf(terminal.rebindTR34(token)), 'TOKEN_NONCE', 'not a token of the host');
  assert.equal(await statusOf(terminal.rebindTR34(token, 'device-authority')), 'BOUND');
  assert.equal(await statusOf(terminal.rebindTR34(token, 'device-authority')), 'TOKEN_RECIPIENT');
  const unbind = createCaUnbindToken({ ...about, ca: KRD_CA });
  assert.equal(await statusOf(terminal.unbindTR34(unbind, 'device-authority')), 'TOKEN_RECIPIENT');
  const right = createCaUnbindToken({ ...about, kdhCertificate: newKdhCertificate, ca: KRD_CA });
  assert.equal(await statusOf(terminal.unbindTR34(right, 'device-authority')), 'UNBOUND');
  assert.equal(await statusOf(terminal.unbindTR34(right, 'device-authority')), 'NOT_BOUND');
  await bindTo(terminal, KDH);
  assert.equal(await statusOf(terminal.rebindTR34(token, 'device-authority')), 'TOKEN_REPLAYED');
});

test('what happened is told as events, without the key', async () => {
  const events: TerminalEvent[] = [];
  using terminal = openDevice();
  using _ = terminal.onEvent((event) => events.push(event));
  await personalize(terminal);
  await bindTo(terminal, KDH);
  await terminal.loadTR34Key(keyToken());
  await terminal.loadTR34Key(keyToken());
  await terminal.zeroize();
  await new Promise(setImmediate);
  assert.deepEqual(
    events.map(({ type }) => type),
    ['certificates-stored', 'bound', 'key-loaded', 'refused', 'zeroized'],
  );
  assert.ok(events.every(({ at }) => at === NOW));
  assert.ok(!JSON.stringify(events).includes(KEK));
});

/** Everything that a terminal tells of itself. */
async function everything(terminal: PosTerminal): Promise<unknown> {
  return [await terminal.info(), await terminal.getDeviceCertificate()];
}

test('a bit changed anywhere in a token: refused, and nothing changed', async () => {
  using terminal = await boundDevice();
  const token = keyToken({ pass: await secondPass(terminal), crl: CRLS.current });
  const before = await everything(terminal);
  for (let position = 0; position < token.length; position++) {
    const changed = token.with(position, token[position]! ^ 0x04);
    const result = await terminal.loadTR34Key(changed);
    assert.ok(!result.ok, `byte ${position}`);
  }
  assert.deepEqual(await everything(terminal), before);
  assert.equal(await statusOf(terminal.loadTR34Key(token)), 'LOADED');
});

test('a key that is stronger than the RSA key it came under is refused, or named', async () => {
  const { certificate: device } = OTHER_KRD;
  const cases = [
    ['strict', 'A', KEK, 'KBPK_TOO_WEAK'],
    ['strict', 'T', KEK, 'LOADED'],
    ['strict', 'T', KEK + SECOND_KEK.slice(0, 16), 'LOADED'],
    ['compat:any', 'A', KEK, 'LOADED'],
  ] as const;
  for (const [policy, algorithm, key, status] of cases) {
    using terminal = openDevice({ deviceKey: async () => OTHER_KRD.privateKey, policy });
    await terminal.createCsr();
    const authorities = { deviceAuthority: KRD_CA.certificate, hostAuthority: KDH_CA };
    await terminal.storeCertificates({ device, ...authorities });
    await bindTo(terminal, KDH);
    const header = `D0000K0${algorithm}B00E0000`;
    const result = await terminal.loadTR34Key(keyToken({ krdCertificate: device, header, key: hex(key) }));
    assert.equal(result.status, status, JSON.stringify(result));
    if (policy === 'compat:any') assert.deepEqual(result.ok && result.relaxations, ['KBPK_TOO_WEAK']);
  }
  using terminal = await boundDevice();
  const key = hex(KEK + SECOND_KEK);
  assert.equal(await statusOf(terminal.loadTR34Key(keyToken({ key }))), 'KBPK_TOO_WEAK', 'AES-256, RSA-3072');
});

test('a signer that there is not is a RangeError', async () => {
  using terminal = await boundDevice();
  const nobody = 'nobody' as 'host';
  await assert.rejects(
    terminal.rebindTR34(new Uint8Array(), nobody),
    /signer must be host or device-authority/,
  );
  await assert.rejects(terminal.unbindTR34(new Uint8Array(), nobody), RangeError);
});

test('zeroize takes the key pair, the certificates and the binding', async () => {
  using store = new MemoryStore('T-1');
  using terminal = await boundDevice({ store });
  await terminal.zeroize();
  assert.equal((await terminal.info()).host, undefined);
  await assert.rejects(terminal.getDeviceCertificate(), { code: 'NO_CERTIFICATE' });
  assert.equal(await statusOf(terminal.loadTR34Key(keyToken())), 'NO_CERTIFICATE');
  assert.equal(store.content, undefined);
});

test('a DUKPT initial key by TR-34 needs its KSN beside it', async () => {
  using terminal = await boundDevice();
  const token = keyToken({ header: 'D0000B1TX00N0000', key: hex('A1B2C3D4E5F60718293A4B5C6D7E8F90') });
  assert.equal(await statusOf(terminal.loadTR34Key(token)), 'KSN_REQUIRED');
  const result = await terminal.loadTR34Key(token, { ksn: 'FFFF9876543210E00000' });
  assert.ok(result.ok && result.slot === 'DUKPT-0', JSON.stringify(result));
  assert.equal(decodeHex(await terminal.getKsn('DUKPT-0')).length, 10);
});
