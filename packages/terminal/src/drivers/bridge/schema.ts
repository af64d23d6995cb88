// The bridge: JSON-RPC 2.0 over WebSocket between the program and an app on the device, which holds the vendor's SDK. This table is
// the whole interface on the wire; docs/drivers/bridge.md shows it. What is not plain JSON has a name here.
import { decodeBase64, decodeHex, encodeBase64, encodeHex, Secret } from '@keywright/crypto';
import { REFUSALS, TerminalError } from '../../refusals.ts';

/** How a value looks on the wire. */
export interface Wire {
  toWire(value: never): unknown;
  fromWire(value: unknown, name: string): unknown;
}

function malformed(name: string, right: string): TerminalError {
  return new TerminalError('BAD_ANSWER', `${name} must be ${right}`);
}

/** Text, numbers, truth values, and objects and lists of them. */
const plain: Wire = { toWire: (value) => value, fromWire: (value) => value };

/** Plain, of a kind that is checked when it arrives. */
function checked(is: (value: unknown) => boolean, right: string): Wire {
  return {
    toWire: (value) => value,
    fromWire(value, name) {
      if (!is(value)) throw malformed(name, right);
      return value;
    },
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** What changes a key answers with: taken, or refused for one of the reasons. */
function isOutcome(value: unknown): boolean {
  if (!isObject(value) || typeof value.status !== 'string') return false;
  return value.ok === true || (value.ok === false && Object.hasOwn(REFUSALS, value.status));
}

const text = checked((value) => typeof value === 'string', 'text');
const object = checked(isObject, 'an object');
const outcome = checked(isOutcome, 'a result');
const nothing = checked((value) => value === undefined || value === null, 'nothing');

const bytes: Wire = {
  toWire: (value: Uint8Array) => encodeBase64(value),
  fromWire(value, name) {
    if (typeof value !== 'string') throw malformed(name, 'base64');
    try {
      return decodeBase64(value, name);
    } catch {
      throw malformed(name, 'base64');
    }
  },
};

/** Clear: a component, or a PIN. It crosses only a line that nobody else reads. */
const secret: Wire = {
  toWire: (value: Secret) => value.expose((clear) => encodeHex(clear)),
  fromWire(value, name) {
    if (typeof value !== 'string' || !/^(?:[0-9A-F]{2})+$/i.test(value)) throw malformed(name, 'hexadecimal');
    return Secret.take(decodeHex(value, name));
  },
};

/** Objects some of whose members are not plain. */
function objectOf(members: Readonly<Record<string, Wire>>): Wire {
  const convert =
    (direction: (wire: Wire, member: unknown, name: string) => unknown) => (value: unknown, name: string) => {
      if (value === null || typeof value !== 'object' || Array.isArray(value))
        throw malformed(name, 'an object');
      return Object.fromEntries(
        Object.entries(value).map(([key, member]) => {
          const wire = Object.hasOwn(members, key) ? members[key]! : plain;
          return [key, member === undefined ? undefined : direction(wire, member, `${name}.${key}`)];
        }),
      );
    };
  const outward = convert((wire, member) => wire.toWire(member as never));
  return {
    toWire: (value: never) => outward(value, 'value'),
    fromWire: convert((wire, member, name) => wire.fromWire(member, name)),
  };
}

const listOfBytes: Wire = {
  toWire: (value: readonly Uint8Array[]) => value.map((item) => bytes.toWire(item as never)),
  fromWire(value, name) {
    if (!Array.isArray(value)) throw malformed(name, 'a list');
    return value.map((item, i) => bytes.fromWire(item, `${name}[${i}]`));
  },
};

export interface Method {
  readonly params: readonly Wire[];
  readonly result: Wire;
  /** Its parameters hold something clear. */
  readonly clear?: true;
}

/** Every method of `PosTerminal` that crosses the bridge, under its own name. */
export const METHODS = {
  info: { params: [], result: object },
  sendTR31Key: { params: [plain, plain], result: outcome },
  updateKeyByTR31: { params: [plain, plain, plain], result: outcome },
  loadKeyComponent: { params: [plain, objectOf({ component: secret })], result: outcome, clear: true },
  loadKeyCryptogram: { params: [plain], result: outcome },
  getKeyCheckValue: { params: [plain, plain], result: text },
  getKeyInfo: { params: [plain], result: object },
  getKsn: { params: [plain], result: text },
  getTR31Token: { params: [], result: text },
  getDeviceCertificate: { params: [], result: objectOf({ certificate: bytes, chain: listOfBytes }) },
  createCsr: { params: [], result: bytes },
  storeCertificates: {
    params: [objectOf({ device: bytes, deviceAuthority: bytes, hostAuthority: bytes })],
    result: outcome,
  },
  getTR34RandomToken: { params: [], result: bytes },
  bindTR34: { params: [bytes], result: outcome },
  rebindTR34: { params: [bytes, plain], result: outcome },
  unbindTR34: { params: [bytes, plain], result: outcome },
  loadTR34Key: { params: [bytes, plain], result: outcome },
  encryptPin: { params: [objectOf({ pin: secret })], result: object },
  encryptData: { params: [objectOf({ data: bytes, iv: bytes })], result: object },
  generateMac: { params: [objectOf({ message: bytes })], result: object },
  eraseKey: { params: [plain], result: nothing },
  zeroize: { params: [], result: nothing },
} as const satisfies Readonly<Record<string, Method>>;

export type MethodName = keyof typeof METHODS;

export function isMethod(name: unknown): name is MethodName {
  return typeof name === 'string' && Object.hasOwn(METHODS, name);
}

export function paramsToWire(name: MethodName, params: readonly unknown[]): unknown[] {
  const method: Method = METHODS[name];
  return params.map((param, i) => (param === undefined ? null : method.params[i]!.toWire(param as never)));
}

/** @throws TerminalError BAD_ANSWER, naming the parameter */
export function paramsFromWire(name: MethodName, params: unknown): unknown[] {
  const method: Method = METHODS[name];
  if (!Array.isArray(params) || params.length > method.params.length) {
    throw malformed(`params of ${name}`, `a list of at most ${method.params.length}`);
  }
  return params.map((param, i) =>
    param === null ? undefined : method.params[i]!.fromWire(param, `${name}[${i}]`),
  );
}

/** Whether these parameters hold something clear. */
export function holdsClear(name: MethodName, params: readonly unknown[]): boolean {
  const { clear }: Method = METHODS[name];
  const [request] = params;
  return clear === true || (name === 'encryptPin' && (request as { pin?: unknown }).pin !== undefined);
}
