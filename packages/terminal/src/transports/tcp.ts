import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

export interface TcpOptions {
  host: string;
  port: number;
  /** Milliseconds; 10,000 unless given. */
  timeout?: number;
  signal?: AbortSignal;
}

/**
 * Connects to a terminal on a network, or to a serial port behind a terminal server.
 *
 * @throws Error when there is no connection in time
 */
export async function connectTcp({ host, port, timeout = 10_000, signal }: TcpOptions): Promise<Duplex> {
  const inTime = AbortSignal.any([AbortSignal.timeout(timeout), ...(signal ? [signal] : [])]);
  inTime.throwIfAborted();
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject);
      inTime.addEventListener('abort', () => reject(inTime.reason), { once: true });
    });
    return socket;
  } catch (error) {
    socket.destroy();
    if (error === inTime.reason && !signal?.aborted) {
      throw new Error(`no connection to ${host} port ${port} in ${timeout} ms`, { cause: error });
    }
    throw error;
  }
}
