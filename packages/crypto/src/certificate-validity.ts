import type { X509Certificate } from 'node:crypto';

/** How OpenSSL writes a time that it understood, in UTC. */
const TIME = /^[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4} GMT$/;

function timeOf(text: string): number {
  return TIME.test(text) ? Date.parse(text) : Number.NaN;
}

/**
 * From when until when a certificate is valid (RFC 5280, section 4.1.2.5), in milliseconds since 1970; undefined when its
 * times are nonsense.
 *
 * By the text that OpenSSL gives: `validFromDate` and `validToDate` are any dates at all where it could not read a time.
 */
export function certificateValidity(certificate: X509Certificate): { from: number; to: number } | undefined {
  const [from, to] = [timeOf(certificate.validFrom), timeOf(certificate.validTo)];
  return Number.isNaN(from) || Number.isNaN(to) ? undefined : { from, to };
}
