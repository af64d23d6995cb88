import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { after, before, suite, test } from 'node:test';
import {
  decodeHex,
  decryptPinBlock,
  encodeAscii,
  keyCheckValue,
  randomBytes,
  Secret,
  unwrapKeyBlock,
  xor,
} from '@keywright/crypto';
import {
  MemoryStore,
  openSoftwareTerminal,
  type PosTerminal,
  type ProfileName,
  type SlotName,
} from '@keywright/terminal';
import { BridgeClient, L100Device, Pp791Device } from '@keywright/terminal/devices';
import { BridgeServer, connectTcp, L100Terminal, Pp791Terminal } from '@keywright/terminal/drivers';
import { importKek } from '../src/ceremony/import-kek.ts';
import { openRsaRoute } from '../src/ceremony/rsa-route.ts';
import { type FreshService, startFreshService } from '../src/story/fresh-service.ts';
import { Host, type HostKey } from '../src/story/host.ts';

const PAN = '4111111111111111';
const KSN = 'FFFF9876543210E00000';
const PIN = '1234';

const typed = () => Secret.take(encodeAscii(PIN));
const keypad = async () => typed();

/** A terminal of a profile, its way to the program, and where its keys go. */
interface Route {
  readonly profile: ProfileName;
  readonly kekSlot: SlotName;
  readonly slot: SlotName;
  /** Whether the program hands the PIN over, or the cardholder types it. */
  readonly handsPin: boolean;
  readonly tellsKcv: boolean;
  open(terminal: PosTerminal, stack: AsyncDisposableStack): Promise<PosTerminal>;
}

/** Puts the device's side behind a listening socket, and connects to it. */
async function overTcp(serve: (stream: Duplex) => unknown, stack: AsyncDisposableStack): Promise<Duplex> {
  const server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => void server.close());
  return connectTcp({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
}

const ROUTES: Record<string, Route> = {
  'UIC PP791': {
    profile: 'uic-pp791',
    kekSlot: 'F',
    slot: 'IPEK0',
    // Its own test PIN, message 76.
    handsPin: true,
    tellsKcv: false,
    async open(terminal, stack) {
      const line = await overTcp((stream) => new Pp791Device(stream, terminal), stack);
      return stack.use(new Pp791Terminal(line));
    },
  },
  'ID TECH SmartPIN L100': {
    profile: 'idtech-l100',
    kekSlot: 'LCL-KEK',
    slot: 'PIN-DUKPT',
    handsPin: false,
    tellsKcv: true,
    async open(terminal, stack) {
      const line = await overTcp((stream) => new L100Device(stream, terminal, { keypad }), stack);
      return stack.use(new L100Terminal(line));
    },
  },
  'a QPOS behind the bridge': {
    profile: 'qpos',
    kekSlot: 'TMK-0',
    slot: 'DUKPT-PIN-0',
    handsPin: true,
    tellsKcv: true,
    async open(terminal, stack) {
      const pairingSecret = crypto.randomUUID();
      const server = stack.use(await BridgeServer.listen({ pairingSecret }));
      stack.use(new BridgeClient(terminal, { url: server.url, device: 'qpos', pairingSecret }));
      return server.terminal('qpos');
    },
  },
};

suite('the story with each driver: KEK, BDK, initial key, proof, rotation', () => {
  let service: FreshService;
  let host: Host;
  before(async () => {
    service = await startFreshService();
    host = new Host(service, 'us-east-2');
  });
  after(() => service[Symbol.asyncDispose]());

  /** The same TDES KEK at the host, and, as components, in the terminal. */
  async function setUpKek(terminal: PosTerminal, slot: SlotName): Promise<{ kek: HostKey; key: Secret }> {
    const [first, second] = [randomBytes(24), randomBytes(24)];
    const key = Secret.take(xor(first, second));
    const kcv = keyCheckValue('TDES', key);
    for (const [i, part] of [first, second].entries()) {
      using component = Secret.take(part);
      const result = await terminal.loadKeyComponent(slot, {
        algorithm: 'TDES',
        component,
        number: i + 1,
        of: 2,
      });
      assert.ok(result.ok, JSON.stringify(result));
    }
    await using route = await openRsaRoute({ service: host.keys, now: Date.now });
    const usage = 'TR31_K0_KEY_ENCRYPTION_KEY';
    const arn = await importKek(host.keys, route, {
      key,
      kcv,
      algorithm: 'TDES_3KEY',
      usage,
      exportable: true,
    });
    return { kek: { arn, kcv }, key };
  }

  /** A new BDK's initial key for the terminal's KSN, sent through the driver. */
  async function load(driver: PosTerminal, { slot, tellsKcv }: Route, kek: HostKey, version: string) {
    const bdk = await host.createKey({
      KeyUsage: 'TR31_B0_BASE_DERIVATION_KEY',
      KeyAlgorithm: 'TDES_2KEY',
      KeyModesOfUse: { DeriveKey: true },
    });
    const headers = { KeyVersion: version, OptionalBlocks: { KS: KSN } };
    const { block, kcv } = await host.exportKey(bdk, kek, headers, KSN);
    const options = { slot, ...(tellsKcv && { expectedKcv: kcv }) };
    const result = await driver.sendTR31Key(block, options);
    assert.ok(result.ok, JSON.stringify(result));
    if (tellsKcv) assert.ok(kcv.startsWith(result.kcv!), `${kcv} ${result.kcv}`);
    else assert.equal(result.kcv, undefined);
    return { bdk, block, options };
  }

  /** The host translates the terminal's PIN to a key that the issuer has, and the issuer finds it. */
  async function prove(
    driver: PosTerminal,
    { slot, handsPin }: Route,
    bdk: HostKey,
    issuer: { pek: HostKey; key: Secret },
  ) {
    using pin = typed();
    const { pinBlock, ksn } = await driver.encryptPin({
      slot,
      pan: PAN,
      format: 0,
      ...(handsPin && { pin }),
    });
    const { PinBlock } = await host.data.call<{ PinBlock: string }>('/pindata/translate', {
      IncomingKeyIdentifier: bdk.arn,
      IncomingTranslationAttributes: { IsoFormat0: { PrimaryAccountNumber: PAN } },
      IncomingDukptAttributes: { KeySerialNumber: ksn },
      EncryptedPinBlock: pinBlock,
      OutgoingKeyIdentifier: issuer.pek.arn,
      OutgoingTranslationAttributes: { IsoFormat0: { PrimaryAccountNumber: PAN } },
    });
    using found = decryptPinBlock({
      format: 'ISO_0',
      algorithm: 'TDES',
      key: issuer.key,
      pan: PAN,
      block: decodeHex(PinBlock),
    });
    assert.ok(found.equals(pin));
    return ksn!;
  }

  async function introduceIssuer(kek: HostKey, otherParty: Secret) {
    const pek = await host.createKey({
      KeyUsage: 'TR31_P0_PIN_ENCRYPTION_KEY',
      KeyAlgorithm: 'TDES_2KEY',
      KeyModesOfUse: { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true },
    });
    const { block } = await host.exportKey(pek, kek, {});
    const { key } = unwrapKeyBlock({ kbpk: otherParty, block });
    return { pek, key };
  }

  for (const [name, route] of Object.entries(ROUTES)) {
    test(name, async () => {
      await using stack = new AsyncDisposableStack();
      const terminal = stack.use(
        openSoftwareTerminal({ store: new MemoryStore('STORY'), profile: route.profile }),
      );
      const driver = await route.open(terminal, stack);
      const { kek, key } = await setUpKek(terminal, route.kekSlot);
      using _ = key;
      const issuer = await introduceIssuer(kek, key);
      using __ = issuer.key;
      const first = await load(driver, route, kek, '00');
      assert.equal(await prove(driver, route, first.bdk, issuer), 'FFFF9876543210E00001');
      assert.equal(await prove(driver, route, first.bdk, issuer), 'FFFF9876543210E00002');
      const second = await load(driver, route, kek, '01');
      assert.equal(await prove(driver, route, second.bdk, issuer), 'FFFF9876543210E00001');
      // The older key again would repeat its transaction keys.
      const replay = await driver.sendTR31Key(first.block, first.options);
      assert.equal(replay.ok, false, JSON.stringify(replay));
      assert.equal(await prove(driver, route, second.bdk, issuer), 'FFFF9876543210E00002');
    });
  }
});
