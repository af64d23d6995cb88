import type { KeyAlgorithm } from '../api/control-plane.generated.ts';
import { conflict, invalid } from '../api/exceptions.ts';
import { readCertificate } from '../pki/certificate.ts';
import { admit } from './admit.ts';
import type { FleetContext } from './fleet-context.ts';
import { assignKek, findTerminal, type TerminalAnswer, terminalAnswer } from './terminals.ts';

/** The certificate that terminals bind to (TR-34: KDH), and the token that signs for it. */
export interface HostCertificate {
  readonly exportToken: string;
  /** Base64 of PEM. */
  readonly certificate: string;
  readonly certificateChain: string;
}

const SIGNING_ALGORITHM = 'RSA_3072';

/** The key distribution host's certificate, the same for some weeks. */
export async function hostCertificate({ perform }: FleetContext): Promise<HostCertificate> {
  const answer = await perform('GetParametersForExport', {
    KeyMaterialType: 'TR34_KEY_BLOCK',
    SigningKeyAlgorithm: SIGNING_ALGORITHM,
    ReuseLastGeneratedToken: true,
  });
  return {
    exportToken: answer.ExportToken,
    certificate: answer.SigningKeyCertificate,
    certificateChain: answer.SigningKeyCertificateChain,
  };
}

/** A terminal that is to get a KEK by TR-34. */
export interface Bootstrap {
  readonly serial: string;
  /** The terminal's certificate: base64 of PEM or of DER. */
  readonly certificate: string;
  /** ARN or alias of the authority that issued it, which was imported as trusted. */
  readonly authority: string;
  readonly exportToken: string;
  /** Of the terminal's random number token: 8 to 16 bytes in hexadecimal. */
  readonly randomNonce: string;
}

export interface Bootstrapping {
  readonly terminal: TerminalAnswer;
  /** DER in hexadecimal. */
  readonly keyToken: string;
}

/** A certificate is of the terminal whose serial number its subject has, as common name or as serial number. */
function checkSubject(subject: string, serial: string): void {
  const names = subject.split('\n').map((line) => line.split('='));
  if (
    names.some(([type, ...value]) => (type === 'CN' || type === 'serialNumber') && value.join('=') === serial)
  ) {
    return;
  }
  throw invalid(`certificate is not of terminal ${serial}: its subject must have it as CN or serialNumber.`);
}

/** The strongest KEK that an RSA key of that size may carry (policy/wrapping-strength.ts). */
function kekAlgorithmFor(modulusLength: number): KeyAlgorithm {
  return modulusLength >= 3072 ? 'AES_128' : 'TDES_3KEY';
}

async function createKek(algorithm: KeyAlgorithm, { perform }: FleetContext): Promise<string> {
  const { Key } = await perform('CreateKey', {
    KeyAttributes: {
      KeyUsage: 'TR31_K0_KEY_ENCRYPTION_KEY',
      KeyClass: 'SYMMETRIC_KEY',
      KeyAlgorithm: algorithm,
      KeyModesOfUse: { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true },
    },
    Exportable: true,
  });
  return Key.KeyArn;
}

async function exportKek(kek: string, input: Bootstrap, { perform }: FleetContext): Promise<string> {
  const { WrappedKey } = await perform('ExportKey', {
    ExportKeyIdentifier: kek,
    KeyMaterial: {
      Tr34KeyBlock: {
        CertificateAuthorityPublicKeyIdentifier: input.authority,
        WrappingKeyCertificate: input.certificate,
        ExportToken: input.exportToken,
        RandomNonce: input.randomNonce,
        KeyBlockFormat: 'X9_TR34_2012',
        // The terminal opens key blocks with it, and makes none.
        KeyBlockHeaders: {
          KeyModesOfUse: { Decrypt: true, Unwrap: true },
          KeyExportability: 'NON_EXPORTABLE',
        },
      },
    },
  });
  return WrappedKey!.KeyMaterial;
}

/**
 * Makes a terminal's KEK and a key token of it (X9 TR-34, two passes) for that terminal alone. It counts once the terminal has shown
 * its check value (`confirmKek`, or a claim).
 *
 * @throws AwsException when the certificate is not the terminal's, or not of the authority; nothing is left then
 */
export async function bootstrapTerminal(input: Bootstrap, context: FleetContext): Promise<Bootstrapping> {
  const { state } = await findTerminal(input.serial, context);
  if (state === 'QUARANTINED' || state === 'DECOMMISSIONED') {
    throw conflict(`Terminal ${input.serial} is ${state}: it gets no KEK.`);
  }
  const certificate = readCertificate(input.certificate, 'certificate');
  checkSubject(certificate.subject, input.serial);
  const { modulusLength = 0 } = certificate.publicKey.asymmetricKeyDetails ?? {};
  const kek = await createKek(kekAlgorithmFor(modulusLength), context);
  try {
    const keyToken = await exportKek(kek, input, context);
    return { terminal: await assignKek({ serial: input.serial, kek }, context), keyToken };
  } catch (error) {
    await context.perform('DeleteKey', { KeyIdentifier: kek });
    throw error;
  }
}

/** Compares the check value that a terminal shows of its KEK. Another one puts it into quarantine. */
export async function confirmKek(
  { serial, checkValue }: { serial: string; checkValue: string },
  context: FleetContext,
): Promise<TerminalAnswer> {
  const terminal = await findTerminal(serial, context);
  const refusal = await admit({ serial, kekCheckValue: checkValue }, terminal, context);
  if (refusal === 'NO_KEK') throw conflict(`Terminal ${serial} is to have no KEK yet: bootstrap it.`);
  return terminalAnswer(await findTerminal(serial, context), context);
}
