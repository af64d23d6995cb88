import type { X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import * as x509 from '@peculiar/asn1-x509';

/** What of a certificate's extensions a chain is checked for, besides what `X509Certificate` tells. */
export interface Extensions {
  /** The object identifier of a critical extension that this service does not know, if there is one. */
  readonly unknownCritical: string | undefined;
  /** How many authorities may come below this one before the leaf (RFC 5280, section 4.2.1.9). */
  readonly pathLength: number;
}

/**
 * Extensions that a chain is checked for, or that change nothing in it. A critical one that is not here makes its certificate
 * unusable (RFC 5280, section 4.2).
 */
const KNOWN: readonly string[] = [
  x509.id_ce_basicConstraints,
  x509.id_ce_keyUsage,
  x509.id_ce_extKeyUsage,
  x509.id_ce_subjectAltName,
  x509.id_ce_certificatePolicies,
];

/** @throws Error when they are malformed */
export function readExtensions({ raw }: X509Certificate): Extensions {
  const { extensions = [] } = AsnConvert.parse(raw, x509.Certificate).tbsCertificate;
  const unknown = extensions.find(({ critical, extnID }) => critical && !KNOWN.includes(extnID));
  const constraints = extensions.find(({ extnID }) => extnID === x509.id_ce_basicConstraints);
  return { unknownCritical: unknown?.extnID, pathLength: pathLengthOf(constraints) };
}

function pathLengthOf(constraints: x509.Extension | undefined): number {
  if (constraints === undefined) return Number.POSITIVE_INFINITY;
  const { pathLenConstraint } = AsnConvert.parse(constraints.extnValue, x509.BasicConstraints);
  return pathLenConstraint ?? Number.POSITIVE_INFINITY;
}
