import * as x509 from '@peculiar/asn1-x509';

/** How each part of a distinguished name is written: its type, and its kind of string (RFC 5280, appendix A). */
const PARTS = {
  country: ['2.5.4.6', 'printableString'],
  state: ['2.5.4.8', 'utf8String'],
  locality: ['2.5.4.7', 'utf8String'],
  organization: ['2.5.4.10', 'utf8String'],
  unit: ['2.5.4.11', 'utf8String'],
  common: ['2.5.4.3', 'utf8String'],
  serialNumber: ['2.5.4.5', 'printableString'],
  email: ['1.2.840.113549.1.9.1', 'ia5String'],
} as const;

type Part = keyof typeof PARTS;

/** A distinguished name, written in the order of the table. */
export type DistinguishedName = { readonly [_ in Part]?: string | undefined };

export function encodeName(name: DistinguishedName | x509.Name): x509.Name {
  if (name instanceof x509.Name) return name;
  const given = (Object.keys(PARTS) as Part[]).filter((part) => name[part] !== undefined);
  return new x509.Name(
    given.map((part) => {
      const [type, kind] = PARTS[part];
      const value = new x509.AttributeValue({ [kind]: name[part] });
      return new x509.RelativeDistinguishedName([new x509.AttributeTypeAndValue({ type, value })]);
    }),
  );
}
