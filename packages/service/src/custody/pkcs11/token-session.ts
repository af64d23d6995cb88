import { readPrivateFile } from '../../private-file.ts';
import { MainKeyError } from '../main-key.ts';
import {
  CKA,
  CKF_RW_SESSION,
  CKF_SERIAL_SESSION,
  CKK_AES,
  CKM_AES_KEY_GEN,
  CKO_SECRET_KEY,
  CKU_USER,
  type Handle,
  loadModule,
  type Pkcs11Module,
} from './module.ts';
import { codeOf, isPinRefused, isSessionGone, tokenError, unlessDone } from './token-error.ts';
import type { TokenUri } from './uri.ts';

const MAIN_KEY_LENGTH = 32;

/** A session with a token, opened anew when it was lost. */
export interface TokenSession extends Disposable {
  /** Works with the key that has this id (CKA_ID). @throws MainKeyError */
  useKey<Result>(id: Uint8Array, use: (pkcs11: Pkcs11Module, session: Handle, key: Handle) => Result): Result;
  /** Makes an AES-256 key that cannot leave the token. */
  generateKey(id: Uint8Array): void;
  destroyKey(id: Uint8Array): void;
}

interface Opened {
  readonly session: Handle;
  readonly keys: Map<string, Handle>;
}

function findSlot(pkcs11: Pkcs11Module, { token, serial }: TokenUri): Handle {
  const slots = pkcs11.C_GetSlotList(true).filter((slot) => {
    const info = pkcs11.C_GetTokenInfo(slot);
    return info.label.trimEnd() === token && (serial === undefined || info.serialNumber.trimEnd() === serial);
  });
  if (slots.length === 1) return slots[0]!;
  const message =
    slots.length === 0
      ? `there is no token with the label "${token}"`
      : `several tokens have the label "${token}": the URI needs serial=…`;
  throw new MainKeyError('TOKEN', message);
}

function readPin(file: string): string {
  const content = readPrivateFile(file);
  const pin = content.toString('utf8').replace(/\r?\n$/, '');
  content.fill(0);
  return pin;
}

function findKeys(pkcs11: Pkcs11Module, session: Handle, id: Uint8Array): Handle[] {
  pkcs11.C_FindObjectsInit(session, [
    { type: CKA.CLASS, value: CKO_SECRET_KEY },
    { type: CKA.KEY_TYPE, value: CKK_AES },
    { type: CKA.ID, value: Buffer.from(id) },
  ]);
  try {
    return pkcs11.C_FindObjects(session, 2);
  } finally {
    pkcs11.C_FindObjectsFinal(session);
  }
}

/** A key that could be read out is none that stays in its token. */
function assertStays(pkcs11: Pkcs11Module, session: Handle, key: Handle): void {
  const template = [{ type: CKA.SENSITIVE }, { type: CKA.EXTRACTABLE }];
  const [sensitive, extractable] = pkcs11.C_GetAttributeValue(session, key, template);
  if (sensitive!.value[0] === 1 && extractable!.value[0] === 0) return;
  throw new MainKeyError(
    'TOKEN',
    'the key can be read out of the token: it must be sensitive and not extractable',
  );
}

function findKey(pkcs11: Pkcs11Module, { session, keys }: Opened, id: Uint8Array): Handle {
  const name = Buffer.from(id).toString('hex');
  const known = keys.get(name);
  if (known !== undefined) return known;
  const [key] = findKeys(pkcs11, session, id);
  if (key === undefined) throw new MainKeyError('TOKEN', `the token has no AES key with the id ${name}`);
  assertStays(pkcs11, session, key);
  keys.set(name, key);
  return key;
}

/** Opens a session with the token that the URI names, and logs in. @throws MainKeyError, NotPrivateError */
export function openTokenSession(uri: TokenUri): TokenSession {
  const pkcs11 = loadModule(uri.modulePath);
  let opened: Opened | undefined;
  /** A PIN that was refused is not tried again: the token would lock it. */
  let refusal: MainKeyError | undefined;

  function open(): Opened {
    if (refusal !== undefined) throw refusal;
    unlessDone(() => pkcs11.C_Initialize());
    const session = pkcs11.C_OpenSession(findSlot(pkcs11, uri), CKF_SERIAL_SESSION | CKF_RW_SESSION);
    try {
      unlessDone(() => pkcs11.C_Login(session, CKU_USER, readPin(uri.pinFile)));
    } catch (error) {
      pkcs11.C_CloseSession(session);
      if (isPinRefused(error)) refusal = tokenError(error);
      throw error;
    }
    return { session, keys: new Map() };
  }

  /** A library learns of a token that was put back only when it starts anew. */
  function restart(): void {
    opened = undefined;
    try {
      pkcs11.C_Finalize();
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
    }
  }

  function attempt<Result>(act: (opened: Opened) => Result): Result {
    opened ??= open();
    return act(opened);
  }

  function run<Result>(act: (opened: Opened) => Result): Result {
    try {
      return attempt(act);
    } catch (error) {
      if (!isSessionGone(error)) throw codeOf(error) === undefined ? error : tokenError(error);
    }
    restart();
    try {
      return attempt(act);
    } catch (cause) {
      opened = undefined;
      throw codeOf(cause) === undefined ? cause : tokenError(cause);
    }
  }

  const session: TokenSession = {
    useKey: (id, use) => run((now) => use(pkcs11, now.session, findKey(pkcs11, now, id))),
    generateKey: (id) =>
      run((now) => {
        pkcs11.C_GenerateKey(now.session, { mechanism: CKM_AES_KEY_GEN }, keyTemplate(uri, id));
      }),
    destroyKey: (id) => run((now) => pkcs11.C_DestroyObject(now.session, findKey(pkcs11, now, id))),
    [Symbol.dispose]() {
      if (opened === undefined) return;
      try {
        pkcs11.C_CloseSession(opened.session);
      } catch (error) {
        if (codeOf(error) === undefined) throw error;
      }
      opened = undefined;
    },
  };
  run(() => undefined);
  return session;
}

function keyTemplate({ object }: TokenUri, id: Uint8Array) {
  return [
    { type: CKA.CLASS, value: CKO_SECRET_KEY },
    { type: CKA.KEY_TYPE, value: CKK_AES },
    { type: CKA.VALUE_LEN, value: MAIN_KEY_LENGTH },
    { type: CKA.LABEL, value: object },
    { type: CKA.ID, value: Buffer.from(id) },
    { type: CKA.TOKEN, value: true },
    { type: CKA.PRIVATE, value: true },
    { type: CKA.SENSITIVE, value: true },
    { type: CKA.EXTRACTABLE, value: false },
    { type: CKA.ENCRYPT, value: true },
    { type: CKA.DECRYPT, value: true },
    { type: CKA.WRAP, value: false },
    { type: CKA.UNWRAP, value: false },
  ];
}
