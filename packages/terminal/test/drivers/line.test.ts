import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { TerminalError } from '@keywright/terminal';
import { Line } from '../../src/drivers/line.ts';
import { encodeMessage, Pp791Parser, type Unit } from '../../src/drivers/pp791/frame.ts';
import { openSerialPort } from '../../src/transports/serial.ts';
import { connectTcp } from '../../src/transports/tcp.ts';
import { faultyLine, memoryLine, serialLine, type TwoEnds, tcpLine } from './lines.ts';

const ASK = encodeMessage('admin', '06');
const ANSWER = encodeMessage('admin', '06123');
const PATIENCE = 20_000;

function lineOf(ends: TwoEnds, silence?: number): Line<Unit> {
  const farewell = Uint8Array.of(0x04);
  return new Line<Unit>(ends.host, { parser: new Pp791Parser(), farewell, ...(silence && { silence }) });
}

/** The device's end as it is: answers each thing that comes with `answer`. */
function answerWith(ends: TwoEnds, answer: Uint8Array): void {
  ends.device.on('data', () => ends.device.write(answer));
}

const ask = (line: Line<Unit>, timeout = PATIENCE, signal?: AbortSignal) =>
  line.exchange(async ({ send, receive }) => {
    await send(ASK);
    return receive(timeout);
  }, signal);

const TRANSPORTS = { memory: memoryLine, TCP: tcpLine, 'a pseudo-terminal': serialLine };

for (const [name, open] of Object.entries(TRANSPORTS)) {
  it(`asks and is answered over ${name}`, async () => {
    await using ends = await open();
    await using line = lineOf(ends);
    answerWith(ends, ANSWER);
    assert.deepEqual(await ask(line), { kind: 'message', envelope: 'admin', text: '06123' });
  });
}

describe('a line', () => {
  it('has one exchange at a time, in the order of asking', async () => {
    await using ends = memoryLine();
    await using line = lineOf(ends);
    const log: string[] = [];
    const talk = (name: string) =>
      line.exchange(async ({ send, receive }) => {
        log.push(`${name} begins`);
        await send(ASK);
        await receive(PATIENCE);
        log.push(`${name} ends`);
      });
    answerWith(ends, ANSWER);
    await Promise.all([talk('a'), talk('b'), talk('c')]);
    assert.deepEqual(log, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('goes on after an exchange that failed', async () => {
    await using ends = memoryLine();
    await using line = lineOf(ends);
    const failing = line.exchange(async () => {
      throw new Error('no');
    });
    await assert.rejects(failing, /no/);
    answerWith(ends, ANSWER);
    assert.equal((await ask(line)).kind, 'message');
  });

  it('says that no answer came', async () => {
    await using ends = memoryLine();
    await using line = lineOf(ends);
    await assert.rejects(ask(line, 20), { code: 'NO_ANSWER' });
  });

  it('drops what is late: it answers no other question', async () => {
    await using ends = memoryLine();
    await using line = lineOf(ends);
    await assert.rejects(ask(line, 20), TerminalError);
    const arrived = once(ends.host, 'data');
    ends.device.write(encodeMessage('admin', '06LATE'));
    await arrived;
    answerWith(ends, ANSWER);
    assert.deepEqual(await ask(line), { kind: 'message', envelope: 'admin', text: '06123' });
  });

  it('tells of an unfinished frame once the line is silent', async () => {
    await using ends = memoryLine();
    await using line = lineOf(ends, 20);
    answerWith(ends, ANSWER.subarray(0, 4));
    assert.deepEqual(await ask(line), { kind: 'damaged', reason: 'END' });
  });

  it('keeps a bounded number of units that nobody reads', async () => {
    await using ends = memoryLine();
    await using line = lineOf(ends);
    await line.exchange(async ({ receive }) => {
      for (let i = 0; i < 1000; i += 1) ends.device.write(Uint8Array.of(0x06));
      let read = 0;
      await assert.rejects(async () => {
        for (;;) {
          await receive(read === 0 ? PATIENCE : 50);
          read += 1;
        }
      }, TerminalError);
      assert.ok(read <= 70, `${read} units`);
    });
  });

  it('is given up by its signal, and says goodbye to the other end', async () => {
    await using ends = memoryLine();
    await using line = lineOf(ends);
    const heard: number[] = [];
    ends.device.on('data', (bytes: Uint8Array) => heard.push(...bytes));
    const controller = new AbortController();
    const asked = ask(line, PATIENCE, controller.signal);
    ends.device.once('data', () => controller.abort());
    await assert.rejects(asked, { name: 'AbortError' });
    assert.equal(heard.at(-1), 0x04);
    await assert.rejects(ask(line, PATIENCE, controller.signal), { name: 'AbortError' });
  });

  it('fails what is under way when it is closed, by either end', async () => {
    for (const close of [
      (ends: TwoEnds) => ends.device.destroy(),
      (ends: TwoEnds) => ends.device.end(),
      (ends: TwoEnds) => ends.host.destroy(new Error('unplugged')),
    ]) {
      await using ends = await tcpLine();
      await using line = lineOf(ends);
      ends.device.once('data', () => close(ends));
      await assert.rejects(ask(line), { code: 'NO_ANSWER' });
      assert.ok(line.isClosed);
      await assert.rejects(ask(line), { code: 'NO_ANSWER' });
    }
  });

  it('reads an answer that comes byte by byte, between noise', async () => {
    const noise = Uint8Array.of(0xff, 0x00, 0x41);
    await using ends = faultyLine({
      toHost: (bytes) => [noise, ...Array.from(bytes, (byte) => Uint8Array.of(byte)), noise],
    });
    await using line = lineOf(ends);
    answerWith(ends, ANSWER);
    assert.deepEqual(await ask(line), { kind: 'message', envelope: 'admin', text: '06123' });
  });
});

describe('transports', () => {
  it('say that nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    await assert.rejects(connectTcp({ host: '127.0.0.1', port }), /ECONNREFUSED/);
  });

  it('are given up by their signal', async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(connectTcp({ host: '127.0.0.1', port: 9, signal }), { name: 'AbortError' });
  });

  it('say which serial port can not be opened', async () => {
    await assert.rejects(
      openSerialPort({ path: '/nowhere/tty' }),
      /serial port \/nowhere\/tty can not be opened/,
    );
  });
});
