import { TerminalEvents, type TerminalListener } from './events.ts';
import type { PosTerminal } from './pos-terminal.ts';
import { TerminalError } from './refusals.ts';
import { refusedBy } from './refused.ts';
import type {
  BindResult,
  ComponentResult,
  DeviceCertificate,
  KeyInfo,
  LoadResult,
  TerminalInfo,
} from './results.ts';

function unsupported(operation: string): TerminalError {
  return new TerminalError('NOT_SUPPORTED', `this terminal has no ${operation}, or its driver does not`);
}

/**
 * What every driver begins with: a terminal that can do nothing, and refuses each operation with NOT_SUPPORTED. A driver overrides
 * what its device has.
 */
export abstract class RefusingTerminal implements PosTerminal {
  protected readonly events: TerminalEvents;

  /** @param clock milliseconds since 1970 */
  constructor(clock?: () => number) {
    this.events = new TerminalEvents(clock);
  }

  onEvent(listener: TerminalListener): Disposable {
    return this.events.listen(listener);
  }

  async sendTR31Key(..._: Parameters<PosTerminal['sendTR31Key']>): Promise<LoadResult> {
    return refusedBy(unsupported('sendTR31Key'));
  }

  /** By `sendTR31Key`. */
  async updateKeyByTR31(...args: Parameters<PosTerminal['updateKeyByTR31']>): Promise<LoadResult> {
    const [index, block, options] = args;
    return this.sendTR31Key(block, { ...options, index });
  }

  async loadKeyComponent(..._: Parameters<PosTerminal['loadKeyComponent']>): Promise<ComponentResult> {
    return refusedBy(unsupported('loadKeyComponent'));
  }

  async loadKeyCryptogram(..._: Parameters<PosTerminal['loadKeyCryptogram']>): Promise<LoadResult> {
    return refusedBy(unsupported('loadKeyCryptogram'));
  }

  async info(): Promise<TerminalInfo> {
    throw unsupported('info');
  }

  async getKeyCheckValue(..._: Parameters<PosTerminal['getKeyCheckValue']>): Promise<string> {
    throw unsupported('getKeyCheckValue');
  }

  async getKeyInfo(..._: Parameters<PosTerminal['getKeyInfo']>): Promise<KeyInfo> {
    throw unsupported('getKeyInfo');
  }

  async getKsn(..._: Parameters<PosTerminal['getKsn']>): Promise<string> {
    throw unsupported('getKsn');
  }

  async getTR31Token(): Promise<string> {
    throw unsupported('getTR31Token');
  }

  async getDeviceCertificate(): Promise<DeviceCertificate> {
    throw unsupported('getDeviceCertificate');
  }

  async createCsr(): Promise<Uint8Array> {
    throw unsupported('createCsr');
  }

  async storeCertificates(..._: Parameters<PosTerminal['storeCertificates']>): Promise<BindResult> {
    return refusedBy(unsupported('storeCertificates'));
  }

  async getTR34RandomToken(): Promise<Uint8Array> {
    throw unsupported('getTR34RandomToken');
  }

  async bindTR34(..._: Parameters<PosTerminal['bindTR34']>): Promise<BindResult> {
    return refusedBy(unsupported('bindTR34'));
  }

  async rebindTR34(..._: Parameters<PosTerminal['rebindTR34']>): Promise<BindResult> {
    return refusedBy(unsupported('rebindTR34'));
  }

  async unbindTR34(..._: Parameters<PosTerminal['unbindTR34']>): Promise<BindResult> {
    return refusedBy(unsupported('unbindTR34'));
  }

  async loadTR34Key(..._: Parameters<PosTerminal['loadTR34Key']>): Promise<LoadResult> {
    return refusedBy(unsupported('loadTR34Key'));
  }

  async encryptPin(..._: Parameters<PosTerminal['encryptPin']>): Promise<{ pinBlock: string; ksn?: string }> {
    throw unsupported('encryptPin');
  }

  async encryptData(
    ..._: Parameters<PosTerminal['encryptData']>
  ): Promise<{ ciphertext: string; ksn?: string }> {
    throw unsupported('encryptData');
  }

  async generateMac(..._: Parameters<PosTerminal['generateMac']>): Promise<{ mac: string; ksn?: string }> {
    throw unsupported('generateMac');
  }

  async eraseKey(..._: Parameters<PosTerminal['eraseKey']>): Promise<void> {
    throw unsupported('eraseKey');
  }

  async zeroize(): Promise<void> {
    throw unsupported('zeroize');
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
