import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { type Duplex, duplexPair } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { openSerialPort } from '../../src/transports/serial.ts';
import { connectTcp } from '../../src/transports/tcp.ts';
import { scratch } from '../support.ts';

/** Two ends of one line: the host's and the device's. */
export interface TwoEnds extends AsyncDisposable {
  readonly host: Duplex;
  readonly device: Duplex;
}

async function closed(stream: Duplex): Promise<void> {
  stream.destroy();
  if (!stream.closed) await once(stream, 'close');
}

function disposable(host: Duplex, device: Duplex, close: () => Promise<void> | void): TwoEnds {
  return {
    host,
    device,
    async [Symbol.asyncDispose]() {
      await Promise.all([closed(host), closed(device)]);
      await close();
    },
  };
}

/** A line in memory. */
export function memoryLine(): TwoEnds {
  const [host, device] = duplexPair();
  return disposable(host, device, () => {});
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A line over TCP. */
export async function tcpLine(): Promise<TwoEnds> {
  const server = createServer();
  const port = await listening(server);
  const accepted = once(server, 'connection');
  const host = await connectTcp({ host: '127.0.0.1', port });
  const [device] = (await accepted) as [Duplex];
  return disposable(host, device, () => {
    server.close();
  });
}

/** Installs socat from the distribution's packages when it is missing and root runs the tests; says so. */
function provideSocat(): void {
  if (spawnSync('socat', ['-V']).status === 0) return;
  if (process.getuid?.() === 0) {
    console.log('installing socat from the distribution, for pseudo-terminals');
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
    spawnSync('apt-get', ['install', '-y', '-qq', 'socat'], { stdio: 'inherit' });
  }
  if (spawnSync('socat', ['-V']).status !== 0) {
    throw new Error(
      'socat is missing, which makes the pseudo-terminals of this test: install it (apt-get install socat)',
    );
  }
}

/** A line over two pseudo-terminals that socat joins; both ends are opened as serial ports. */
export async function serialLine(): Promise<TwoEnds> {
  provideSocat();
  const directory = scratch();
  const [hostPath, devicePath] = ['host', 'device'].map((name) => join(directory.path, name)) as [
    string,
    string,
  ];
  const socat = spawn(
    'socat',
    [hostPath, devicePath].map((path) => `pty,raw,echo=0,link=${path}`),
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  while (!existsSync(hostPath) || !existsSync(devicePath)) {
    if (socat.exitCode !== null) throw new Error(`socat ended with status ${socat.exitCode}`);
    await delay(5);
  }
  const [host, device] = await Promise.all(
    [hostPath, devicePath].map((path) => openSerialPort({ path, baudRate: 115_200 })),
  );
  return disposable(host!, device!, async () => {
    socat.kill();
    if (socat.exitCode === null && socat.signalCode === null) await once(socat, 'exit');
    directory[Symbol.dispose]();
  });
}

/** Changes a stretch of bytes on its way; what it gives back arrives. */
export type Fault = (bytes: Uint8Array) => Uint8Array | readonly Uint8Array[];

/** A line in memory with a fault in each direction: on the way to the device, and on the way to the host. */
export function faultyLine({ toDevice, toHost }: { toDevice?: Fault; toHost?: Fault }): TwoEnds {
  const first = duplexPair();
  const second = duplexPair();
  const carry = (from: Duplex, to: Duplex, fault: Fault = (bytes) => bytes) => {
    from.on('data', (bytes: Uint8Array) => {
      const arriving = fault(bytes);
      for (const piece of arriving instanceof Uint8Array ? [arriving] : arriving) {
        if (piece.length > 0 && to.writable) to.write(piece);
      }
    });
    from.on('close', () => to.destroy());
  };
  carry(first[1], second[1], toDevice);
  carry(second[1], first[1], toHost);
  return disposable(first[0], second[0], () => {
    first[1].destroy();
    second[1].destroy();
  });
}
