import { createHash, X509Certificate } from 'node:crypto';
import { createCredentialToken, decodeHex, encodeHex, openRandomNumberToken } from '@keywright/crypto';
import type { PosTerminal } from '@keywright/terminal';
import { Failure } from '../failure.ts';
import type { Terminal } from './fleet-api.ts';
import type { FleetClient } from './fleet-client.ts';

interface HostCertificate {
  readonly exportToken: string;
  readonly certificate: string;
}

function readCertificate(base64: string): X509Certificate {
  return new X509Certificate(Buffer.from(base64, 'base64'));
}

/** Binds the terminal to the service, unless it is already. */
async function bind(terminal: PosTerminal, host: HostCertificate): Promise<void> {
  const { raw } = readCertificate(host.certificate);
  const { host: bound } = await terminal.info();
  if (bound === undefined) {
    const result = await terminal.bindTR34(createCredentialToken({ certificate: raw }));
    if (!result.ok) throw new Failure(`it does not bind to the service: ${result.message}; ${result.remedy}`);
    return;
  }
  const fingerprint = createHash('sha256').update(raw).digest('hex');
  if (bound.fingerprint.replaceAll(':', '').toLowerCase() === fingerprint) return;
  throw new Failure(`it is bound to ${bound.subject.replaceAll('\n', ', ')}: rebind or unbind it first`);
}

/** The KEK, made for this terminal and its random number. */
async function fetchKek(
  fleet: FleetClient,
  terminal: PosTerminal,
  serial: string,
  authority: string,
  { exportToken }: HostCertificate,
): Promise<{ keyToken: string; terminal: Terminal }> {
  const { certificate } = await terminal.getDeviceCertificate();
  const nonce = openRandomNumberToken(await terminal.getTR34RandomToken());
  return fleet.send('POST', `/terminals/${encodeURIComponent(serial)}/bootstrap`, {
    certificate: Buffer.from(certificate).toString('base64'),
    authority,
    exportToken,
    randomNonce: encodeHex(nonce),
  });
}

/**
 * Gives a terminal its KEK by TR-34, in two passes, and has the service compare its check value.
 *
 * @returns the check value
 * @throws Failure when the terminal or the service refuses, or the check values differ
 */
export async function bootstrapTerminal(
  fleet: FleetClient,
  terminal: PosTerminal,
  { authority, kekSlot }: { readonly authority: string; readonly kekSlot: string },
): Promise<{ serial: string; checkValue: string }> {
  const { serial } = await terminal.info();
  const host = await fleet.get<HostCertificate>('/host-certificate');
  await bind(terminal, host);
  const { keyToken } = await fetchKek(fleet, terminal, serial, authority, host);
  const result = await terminal.loadTR34Key(decodeHex(keyToken, 'key token'), {
    slot: kekSlot,
    overwrite: true,
  });
  if (!result.ok) throw new Failure(`it refused its KEK: ${result.message}; ${result.remedy}`);
  const checkValue = result.kcv ?? (await terminal.getKeyCheckValue(kekSlot));
  const path = `/terminals/${encodeURIComponent(serial)}/kek/confirm`;
  const { state, reason } = await fleet.send<Terminal>('POST', path, { checkValue });
  if (state === 'QUARANTINED') throw new Failure(`it is in quarantine: ${reason}`);
  return { serial, checkValue };
}
