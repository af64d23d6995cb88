import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { encodeAscii, randomBytes, Secret } from '@keywright/crypto';
import {
  MemoryStore,
  openSoftwareTerminal,
  type PosTerminal,
  REFUSALS,
  RefusingTerminal,
  TerminalError,
} from '@keywright/terminal';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { BridgeClient } from '../../src/devices/bridge-client.ts';
import { type QposSdk, QposSdkTerminal } from '../../src/devices/qpos-sdk-terminal.ts';
import { BridgeServer, type BridgeServerOptions } from '../../src/drivers/bridge/bridge-server.ts';
import { BridgeTerminal } from '../../src/drivers/bridge/bridge-terminal.ts';
import { errorOf, proofOf, readMessage } from '../../src/drivers/bridge/messages.ts';
import { METHODS, type MethodName, paramsFromWire, paramsToWire } from '../../src/drivers/bridge/schema.ts';
import { block, enterKek, hex, ks, PAN, pin, scratch, TDES_KEK } from '../support.ts';

const SECRET = 'a pairing secret of a test';
const INITIAL = block(TDES_KEK, 'B', 'B1TX00N', '6AC292FAA1315B4D858AB3A3D7D5933A', [
  ks('FFFF9876543210E00000'),
]);

interface Pair extends AsyncDisposable {
  readonly server: BridgeServer;
  readonly client: BridgeClient;
  readonly driver: BridgeTerminal;
  readonly terminal: PosTerminal;
}

interface PairOptions extends Partial<BridgeServerOptions> {
  readonly terminal?: PosTerminal;
  readonly url?: (server: BridgeServer) => string;
  readonly authority?: string;
}

async function pair(options: PairOptions = {}): Promise<Pair> {
  const terminal = options.terminal ?? openSoftwareTerminal({ store: new MemoryStore('BRIDGE1') });
  const server = await BridgeServer.listen({ pairingSecret: SECRET, timeout: 10_000, ...options });
  const client = new BridgeClient(terminal, {
    url: options.url?.(server) ?? server.url,
    device: 'till 7',
    pairingSecret: SECRET,
    retry: 5,
    ...(options.authority && { authority: options.authority }),
  });
  const driver = await server.terminal('till 7');
  return {
    server,
    client,
    driver,
    terminal,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await terminal[Symbol.asyncDispose]();
    },
  };
}

/** A terminal that counts what it is asked, and waits until it is let go on. */
class SlowTerminal extends RefusingTerminal {
  loads = 0;
  readonly started = Promise.withResolvers<void>();
  readonly goOn = Promise.withResolvers<void>();

  override async sendTR31Key() {
    this.loads += 1;
    this.started.resolve();
    await this.goOn.promise;
    return {
      ok: true,
      status: 'LOADED',
      slot: 'X',
      usage: 'P0',
      algorithm: 'T',
      keyVersion: '00',
      relaxations: [],
    } as const;
  }
}

describe('the bridge carries PosTerminal', () => {
  it('every method of it', () => {
    const carried = ['onEvent', ...Object.keys(METHODS)].toSorted();
    const declared = Object.getOwnPropertyNames(RefusingTerminal.prototype).filter(
      (name) => name !== 'constructor',
    );
    assert.deepEqual(carried, declared.toSorted());
  });

  it('from the KEK to a PIN, with results, refusals and events as on the terminal itself', async () => {
    await using both = await pair();
    const { driver, terminal } = both;
    const events: string[] = [];
    driver.onEvent(({ type }) => events.push(type));
    const kek = await enterKek(driver, TDES_KEK, 'TDES');
    assert.equal(kek.kcv, await terminal.getKeyCheckValue('KEK-0'));
    const loaded = await driver.sendTR31Key(INITIAL);
    assert.ok(loaded.ok);
    assert.deepEqual(await driver.getKeyInfo('DUKPT-0'), await terminal.getKeyInfo('DUKPT-0'));
    const again = await driver.sendTR31Key(INITIAL);
    assert.deepEqual([again.status, again.ok], ['SLOT_OCCUPIED', false]);
    // X9.24-1: the PIN 1234 of account 4012345678909 at the first transaction.
    const { pinBlock, ksn } = await driver.encryptPin({
      slot: 'DUKPT-0',
      pin: pin(),
      pan: '4012345678909',
      format: 0,
    });
    assert.deepEqual([pinBlock, ksn], ['1B9C1845EB993A7A', 'FFFF9876543210E00001']);
    const data = randomBytes(16);
    assert.match((await driver.encryptData({ slot: 'DUKPT-0', data })).ciphertext, /^[0-9A-F]{32}$/);
    await assert.rejects(driver.getKsn('KEK-0'), { code: 'WRONG_KEY' });
    await assert.rejects(driver.getKeyInfo('nowhere'), RangeError);
    assert.deepEqual(await driver.info(), await terminal.info());
    await driver.eraseKey('DUKPT-0');
    await assert.rejects(driver.getKsn('DUKPT-0'), { code: 'SLOT_EMPTY' });
    for (const type of ['component-taken', 'key-loaded', 'refused', 'key-erased'])
      assert.ok(events.includes(type), type);
  });

  it('certificates and tokens as bytes', async () => {
    await using both = await pair();
    const csr = await both.driver.createCsr();
    assert.equal(csr[0], 0x30);
    const token = await both.driver.getTR34RandomToken();
    assert.ok(token instanceof Uint8Array);
    const bound = await both.driver.bindTR34(Uint8Array.of(0x30, 0x00));
    assert.equal(bound.ok, false);
  });
});

describe('a request that is sent again', () => {
  it('is answered once it was carried out, and not carried out again', async () => {
    const terminal = new SlowTerminal();
    await using both = await pair({ terminal });
    const asked = both.driver.sendTR31Key('B0080');
    await terminal.started.promise;
    const back = new Promise<void>((resolve) => {
      both.driver.onEvent(({ type }) => type === 'connected' && resolve());
    });
    both.client.drop();
    await back;
    terminal.goOn.resolve();
    assert.equal((await asked).status, 'LOADED');
    assert.equal(terminal.loads, 1);
  });

  it('waits while the device is away, and is sent when it comes', async () => {
    await using both = await pair();
    const away = new Promise<void>((resolve) => {
      both.driver.onEvent(({ type }) => type === 'disconnected' && resolve());
    });
    both.client.drop();
    await away;
    assert.equal((await both.driver.info()).serial, 'BRIDGE1');
  });

  it('is given up when the app was restarted and can not know of it', async () => {
    const terminal = new SlowTerminal();
    await using both = await pair({ terminal });
    const asked = both.driver.sendTR31Key('B0080');
    await terminal.started.promise;
    terminal.goOn.resolve();
    const other = new SlowTerminal();
    await using _restarted = new BridgeClient(other, {
      url: both.server.url,
      device: 'till 7',
      pairingSecret: SECRET,
    });
    const result = await asked;
    assert.ok(result.status === 'NO_ANSWER' || result.status === 'LOADED', result.status);
    assert.equal(other.loads, 0);
  });

  it('is given up when its time is over, or by cancel()', async () => {
    const terminal = new SlowTerminal();
    await using both = await pair({ terminal, timeout: 30 });
    assert.equal((await both.driver.sendTR31Key('B0080')).status, 'NO_ANSWER');
    await using patient = await pair({ terminal: new SlowTerminal() });
    const asked = patient.driver.sendTR31Key('B0080');
    patient.driver.cancel();
    assert.equal((await asked).status, 'NO_ANSWER');
    terminal.goOn.resolve();
    await (patient.terminal as SlowTerminal).started.promise;
    (patient.terminal as SlowTerminal).goOn.resolve();
  });
});

describe('pairing', () => {
  /** Says what it is given to say, and gives the code with which the server closes. */
  async function closeCode(url: string, say: (nonce: string) => unknown[]): Promise<number> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    const [first, ...rest] = say('00'.repeat(16));
    socket.send(typeof first === 'string' ? first : JSON.stringify(first));
    socket.on('message', () => {
      for (const message of rest) socket.send(JSON.stringify(message));
    });
    const [code] = (await once(socket, 'close')) as [number];
    return code;
  }

  it('refuses who does not know the secret, and whatever else is no greeting', async () => {
    await using server = await BridgeServer.listen({ pairingSecret: SECRET });
    const greeting = { bridge: 1, device: 'x', instance: '00'.repeat(16), nonce: '00'.repeat(16) };
    const { url } = server;
    const wrong = proofOf('another secret, as long', 'device', '00'.repeat(16), greeting.nonce);
    assert.equal(await closeCode(url, () => [greeting, { proof: wrong }]), 4401);
    assert.equal(await closeCode(url, () => [greeting, { paired: true }]), 4401);
    assert.equal(await closeCode(url, () => [{ ...greeting, device: 'x\n' }]), 4401);
    assert.equal(await closeCode(url, () => [{ ...greeting, nonce: 'short' }]), 4401);
    assert.equal(await closeCode(url, () => [{ ...greeting, bridge: 2 }]), 4400);
    assert.equal(await closeCode(url, () => ['not JSON']), 4400);
    assert.deepEqual(server.devices, []);
  });

  it('the device goes away from a program that does not know the secret', async () => {
    await using server = await BridgeServer.listen({ pairingSecret: 'the secret of somebody else' });
    const terminal = openSoftwareTerminal({ store: new MemoryStore() });
    await using _client = new BridgeClient(terminal, {
      url: server.url,
      device: 'x',
      pairingSecret: SECRET,
      retry: 5,
    });
    const signal = AbortSignal.timeout(300);
    await assert.rejects(server.terminal('x', signal), { name: 'TimeoutError' });
    assert.deepEqual(server.devices, []);
    await terminal[Symbol.asyncDispose]();
  });

  it('closes what connects and says nothing', async () => {
    await using server = await BridgeServer.listen({ pairingSecret: SECRET, greetingTimeout: 20 });
    const socket = new WebSocket(server.url);
    const [code] = (await once(socket, 'close')) as [number];
    assert.equal(code, 1006);
  });

  it('asks for a secret that is long enough, and listens on this machine unless told otherwise', async () => {
    await assert.rejects(BridgeServer.listen({ pairingSecret: 'short' }), RangeError);
    await using server = await BridgeServer.listen({ pairingSecret: SECRET });
    assert.match(server.url, /^ws:\/\/127\.0\.0\.1:\d+$/);
  });
});

/** Carries bytes between two sockets, and shows them. */
async function wiretap(url: string): Promise<AsyncDisposable & { url: string; heard: () => string }> {
  const { port } = new URL(url);
  const heard: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => {
        heard.push(bytes);
        to.write(bytes);
      });
      from.on('close', () => to.destroy());
      from.on('error', () => to.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: url.replace(port, String((server.address() as { port: number }).port)),
    heard: () => Buffer.concat(heard).toString('latin1'),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe('what is clear', () => {
  const component = '0123456789ABCDEF0123456789ABCDEF';

  it('crosses TLS only as TLS, and the secret itself never', async () => {
    using directory = scratch();
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(directory.path, name)) as [string, string];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=127.0.0.1'],
        ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
      ],
      { stdio: 'ignore' },
    );
    const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
    const server = await BridgeServer.listen({ pairingSecret: SECRET, tls });
    await using tap = await wiretap(server.url);
    await using terminal = openSoftwareTerminal({ store: new MemoryStore('TLS') });
    await using _client = new BridgeClient(terminal, {
      url: tap.url,
      device: 'tls',
      pairingSecret: SECRET,
      authority: tls.cert,
    });
    const driver = await server.terminal('tls');
    using first = hex(component);
    const taken = await driver.loadKeyComponent(0, { algorithm: 'TDES', component: first, number: 1, of: 2 });
    assert.equal(taken.status, 'COMPONENT_TAKEN');
    assert.ok(!tap.heard().includes(component) && !tap.heard().includes(SECRET));
    await server[Symbol.asyncDispose]();
  });

  it('is refused over a line that is neither TLS nor on this machine', async () => {
    // A connection that came from elsewhere; nobody is at its other end.
    const socket = new WebSocket('ws://127.0.0.1:9');
    socket.on('error', () => {});
    await using driver = new BridgeTerminal();
    driver.attach(socket, { isPrivate: false, instance: 'elsewhere' });
    using first = hex(component);
    const refused = await driver.loadKeyComponent(0, {
      algorithm: 'TDES',
      component: first,
      number: 1,
      of: 2,
    });
    assert.equal(refused.status, 'NOT_SUPPORTED');
    using clearPin = Secret.take(encodeAscii('1234'));
    await assert.rejects(driver.encryptPin({ slot: 'PIN-0', pin: clearPin, pan: PAN, format: 0 }), {
      code: 'NOT_SUPPORTED',
    });
  });

  it('of a failure of the SDK nothing crosses but its kind', async () => {
    class Failing extends RefusingTerminal {
      override async getKsn(): Promise<string> {
        throw new Error(`native crash, key ${component}`);
      }
    }
    await using both = await pair({ terminal: new Failing() });
    await assert.rejects(both.driver.getKsn('x'), (error) => {
      assert.ok(error instanceof TerminalError);
      assert.equal(error.code, 'REFUSED');
      assert.ok(!error.message.includes(component));
      return true;
    });
  });
});

describe("the vendor's SDK behind the bridge", () => {
  function sdk(answers: Partial<QposSdk> = {}): QposSdk & { log: string[] } {
    const log: string[] = [];
    return {
      log,
      getQposId: async () => ({ posId: '0012345678' }),
      sendTR31Key: async (keyBlock) => log.push(`sendTR31Key ${keyBlock.slice(0, 8)}`) > 0,
      updateKeyByTR_31: async (index) => log.push(`updateKeyByTR_31 ${index}`) > 0,
      getKeyCheckValue: async (index, type) => {
        log.push(`getKeyCheckValue ${index} ${type}`);
        return type.endsWith('KSN') ? '09118012400705E00001' : 'B2DE27F60A443944';
      },
      getTR31Token: async () => 'TOKEN',
      ...answers,
    };
  }

  it('is asked by its own names, and its boolean is read back as a check value', async () => {
    const pos = sdk();
    await using both = await pair({ terminal: new QposSdkTerminal(pos) });
    const { driver } = both;
    const loaded = await driver.sendTR31Key(INITIAL, { expectedKcv: 'B2DE27' });
    assert.deepEqual(loaded.ok && [loaded.slot, loaded.kcv], ['DUKPT-PIN-0', 'B2DE27']);
    assert.ok((await driver.updateKeyByTR31(3, INITIAL)).ok);
    assert.deepEqual(pos.log, [
      `sendTR31Key ${INITIAL.slice(0, 8)}`,
      'getKeyCheckValue 0 DUKPT_PIN_IPEK',
      'updateKeyByTR_31 3',
      'getKeyCheckValue 3 DUKPT_PIN_IPEK',
    ]);
    assert.equal(await driver.getKsn('DUKPT-PIN-0'), '09118012400705E00001');
    assert.equal(await driver.getKeyCheckValue('TMK-2', 8), 'B2DE27F60A443944');
    assert.equal(await driver.getTR31Token(), 'TOKEN');
    assert.equal((await driver.info()).serial, '0012345678');
    await assert.rejects(driver.zeroize(), { code: 'NOT_SUPPORTED' });
  });

  it('says false, or loads something else', async () => {
    await using refusing = await pair({
      terminal: new QposSdkTerminal(sdk({ sendTR31Key: async () => false })),
    });
    const refused = await refusing.driver.sendTR31Key(INITIAL);
    assert.deepEqual(!refused.ok && [refused.status, refused.deviceCode], ['REFUSED', 'false']);
    await using other = await pair({ terminal: new QposSdkTerminal(sdk()) });
    assert.equal((await other.driver.sendTR31Key(INITIAL, { expectedKcv: '000000' })).status, 'KCV_MISMATCH');
    await using odd = await pair({
      terminal: new QposSdkTerminal(sdk({ getKeyCheckValue: async () => 'nothing' })),
    });
    assert.equal((await odd.driver.sendTR31Key(INITIAL)).status, 'BAD_ANSWER');
  });
});

describe('messages', () => {
  it('of any kind do no harm', () => {
    const names = Object.keys(METHODS) as MethodName[];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), (name, params) => {
        readMessage(JSON.stringify(params));
        errorOf(params);
        try {
          paramsFromWire(name, params);
        } catch (error) {
          assert.ok(error instanceof TerminalError);
          assert.ok(error.code in REFUSALS);
        }
      }),
    );
  });

  it('carry what was sent', () => {
    const request = { slot: 'DATA-0', data: randomBytes(24), iv: randomBytes(8) };
    const [wire] = paramsToWire('encryptData', [request]);
    const [back] = paramsFromWire('encryptData', JSON.parse(JSON.stringify([wire])));
    assert.deepEqual(back, request);
  });
});
