/** Where a key is in a token (RFC 7512). */
export interface TokenUri {
  /** Path of the library that speaks with the token. */
  readonly modulePath: string;
  /** Label of the token. */
  readonly token: string;
  /** Serial number of the token, where two have the same label. */
  readonly serial?: string | undefined;
  /** Label of the key. */
  readonly object: string;
  /** Path of the file (mode 0600) with the token's user PIN. */
  readonly pinFile: string;
}

const ATTRIBUTES = ['token', 'serial', 'object', 'type'];
const QUERY = ['module-path', 'pin-source'];

function readPairs(text: string, separator: string, known: readonly string[]): Map<string, string> {
  const pairs = text.split(separator).filter((pair) => pair !== '');
  return new Map(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      if (!known.includes(name))
        throw new RangeError(`must not have "${name}"; it may have ${known.join(', ')}`);
      return [name, decodeURIComponent(value.join('='))];
    }),
  );
}

function required(pairs: ReadonlyMap<string, string>, name: string): string {
  const value = pairs.get(name);
  if (value) return value;
  throw new RangeError(`must have ${name}=…`);
}

/**
 * Reads a PKCS#11 URI. The PIN itself has no place in it: `pin-source` names its file.
 *
 * @throws RangeError saying what the URI must have, or must not
 */
export function readTokenUri(uri: string): TokenUri {
  if (!uri.startsWith('pkcs11:')) throw new RangeError('must begin with "pkcs11:"');
  const [path = '', query = ''] = uri.slice('pkcs11:'.length).split('?', 2);
  const attributes = readPairs(path, ';', ATTRIBUTES);
  const options = readPairs(query, '&', QUERY);
  return {
    modulePath: required(options, 'module-path'),
    token: required(attributes, 'token'),
    serial: attributes.get('serial'),
    object: required(attributes, 'object'),
    pinFile: required(options, 'pin-source').replace(/^file:(?:\/\/)?/, ''),
  };
}
