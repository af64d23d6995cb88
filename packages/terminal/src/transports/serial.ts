import type { Duplex } from 'node:stream';
import type { SerialPort } from 'serialport';

export interface SerialOptions {
  /** `/dev/ttyUSB0`, `COM3` … */
  path: string;
  /** 9600 unless given. */
  baudRate?: number;
  /** 8 unless given. */
  dataBits?: 7 | 8;
  /** `none` unless given. */
  parity?: 'none' | 'even' | 'odd';
  /** 1 unless given. */
  stopBits?: 1 | 2;
}

/** `serialport` is optional: it has a native part, which is built where the package brings none for the platform. */
async function loadSerialPort() {
  try {
    return await import('serialport');
  } catch (cause) {
    const message =
      'serial ports need the package serialport, which is not installed: npm install serialport';
    throw new Error(message, { cause });
  }
}

/** `destroy` of serialport's stream leaves the port open, and at a line that hung up it reads without end: let it close. */
function closing(port: SerialPort): Duplex {
  port._destroy = (error, callback) => {
    if (port.isOpen) port.close(() => callback(error));
    else callback(error);
  };
  return port;
}

/** @throws Error when the port can not be opened, or `serialport` is not installed */
export async function openSerialPort({
  path,
  baudRate = 9600,
  dataBits = 8,
  parity = 'none',
  stopBits = 1,
}: SerialOptions): Promise<Duplex> {
  const { SerialPort } = await loadSerialPort();
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate, dataBits, parity, stopBits }, (error) => {
      if (error)
        reject(new Error(`the serial port ${path} can not be opened: ${error.message}`, { cause: error }));
      else resolve(closing(port));
    });
  });
}
