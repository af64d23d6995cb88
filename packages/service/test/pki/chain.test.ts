import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { AwsException } from '../../src/api/exceptions.ts';
import { checkChain } from '../../src/pki/chain.ts';
import { ASYMMETRIC_ALGORITHMS } from '../../src/pki/public-key.ts';
import { CERTIFIABLE } from '../../src/pki/strength.ts';
import {
  AUTHORITY,
  issuedBy,
  keyFile,
  LEAF,
  openssl,
  type Party,
  put,
  selfSigned,
  tryOpenssl,
} from './openssl.ts';

const DAY = 24 * 60 * 60 * 1000;
const root = selfSigned({ name: 'root' });
const middle = issuedBy(root, { name: 'middle', extensions: AUTHORITY, days: 25 });
const leaf = issuedBy(middle, { name: 'leaf' });

const otherRoot = selfSigned({ name: 'other' });
const renamed = selfSigned({ name: 'renamed', key: root.key });
const impostor = selfSigned({ name: 'root', key: otherRoot.key });
const shortPath = selfSigned({
  name: 'short path',
  extensions: ['basicConstraints=critical,CA:TRUE,pathlen:0', 'keyUsage=critical,keyCertSign'],
});
const tooLong = issuedBy(shortPath, { name: 'too long', extensions: AUTHORITY });
const notAuthority = issuedBy(root, { name: 'not an authority' });
const noCertSign = issuedBy(root, {
  name: 'no keyCertSign',
  extensions: ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,digitalSignature'],
});
const noConstraints = issuedBy(root, { name: 'no constraints', extensions: ['keyUsage=keyCertSign'] });
const constrained = issuedBy(root, {
  name: 'constrained',
  extensions: [...AUTHORITY, 'nameConstraints=critical,permitted;DNS:example.com'],
});

/** The reason that a chain is refused for, or 'valid'. */
function outcome(chain: readonly Party[], now = Date.now()): string {
  const names = chain.map(({ certificate }) => /CN=(.*)/.exec(certificate.subject)![1]!);
  try {
    checkChain(
      chain.map(({ certificate }, i) => ({ name: names[i]!, certificate })),
      now,
    );
    return 'valid';
  } catch (error) {
    assert.ok(error instanceof AwsException && error.code === 'ValidationException', String(error));
    return error.message;
  }
}

/** What openssl says of a chain, leaf first, as of now. */
function opensslAccepts(chain: readonly Party[]): boolean {
  const between = chain.slice(1, -1).flatMap(({ file }) => ['-untrusted', file]);
  const root = ['-CAfile', chain.at(-1)!.file];
  return tryOpenssl('verify', '-auth_level', '0', ...root, ...between, chain[0]!.file).status === 0;
}

describe('a chain is valid', () => {
  const valid: Record<string, Party[]> = {
    'of a root': [root],
    'of a root and an authority': [middle, root],
    'of a root and a leaf': [issuedBy(root, { name: 'direct' }), root],
    'of a root, an authority and a leaf': [leaf, middle, root],
    'whose root says nothing of key usage': [
      selfSigned({ name: 'x', extensions: ['basicConstraints=CA:TRUE'] }),
    ],
    'with as many authorities as there may be': [issuedBy(shortPath, { name: 'below' }), shortPath],
    'with a critical extension that is known': [
      issuedBy(root, { name: 'named', extensions: ['subjectAltName=critical,DNS:example.com'] }),
      root,
    ],
    'with a root that signed itself with SHA-1': [selfSigned({ name: 'old', digest: 'sha1' })],
  };
  for (const [what, chain] of Object.entries(valid)) {
    it(what, () => {
      assert.equal(outcome(chain), 'valid');
      assert.ok(opensslAccepts(chain));
    });
  }
});

describe('a chain is refused, by its reason, as openssl refuses it,', () => {
  const refused: Record<string, [Party[], RegExp]> = {
    'when a leaf has another issuer': [[leaf, otherRoot], /^leaf was not issued by other/],
    'when an authority is left out': [[leaf, root], /^leaf was not issued by root/],
    'when the issuer has the key but not the name': [[middle, renamed], /^middle was not issued by renamed/],
    'when the issuer has the name but not the key': [
      [issuedBy(root, { name: 'leaf', extensions: LEAF }), impostor],
      /^leaf (?:has a signature that is not its authority's|was not issued by root)/,
    ],
    'when a root was issued by another': [[middle], /^middle was not issued by middle/],
    'when a root is no authority': [
      [selfSigned({ name: 'plain', extensions: LEAF })],
      /^plain is not the certificate of an authority/,
    ],
    'when a leaf issues': [
      [issuedBy(notAuthority, { name: 'x' }), notAuthority, root],
      /^not an authority is not the certificate of an authority/,
    ],
    'when an authority may not sign certificates': [
      [issuedBy(noCertSign, { name: 'x' }), noCertSign, root],
      /^no keyCertSign is not the certificate of an authority/,
    ],
    'when an authority has no basic constraints': [
      [issuedBy(noConstraints, { name: 'x' }), noConstraints, root],
      /^no constraints is not the certificate of an authority/,
    ],
    'when more authorities follow than may': [
      [issuedBy(tooLong, { name: 'x' }), tooLong, shortPath],
      /^short path allows 0 authorities below it, and there are 1/,
    ],
  };
  for (const [why, [chain, message]] of Object.entries(refused)) {
    it(why, () => {
      assert.match(outcome(chain), message);
      if (chain.length > 1) assert.ok(!opensslAccepts(chain));
    });
  }
});

describe('a chain is refused, by its reason, besides,', () => {
  it('while any part of it is not yet valid', () => {
    const before = root.certificate.validFromDate.getTime() - 1000;
    assert.match(outcome([leaf, middle, root], before), /^leaf is not yet valid: it is from 20\d\d-/);
    assert.match(outcome([root], before), /^root is not yet valid/);
    assert.equal(outcome([root], before + 1000), 'valid');
  });

  it('when any part of it has expired', () => {
    const lasting = issuedBy(middle, { name: 'lasting', days: 60 });
    assert.match(
      outcome([leaf, middle, root], Date.now() + 21 * DAY),
      /^leaf has expired: it was valid until 20/,
    );
    assert.match(outcome([lasting, middle, root], Date.now() + 26 * DAY), /^middle has expired/);
    assert.match(outcome([root], Date.now() + 31 * DAY), /^root has expired/);
    const end = leaf.certificate.validToDate.getTime();
    assert.equal(outcome([leaf, middle, root], end), 'valid');
  });

  it('when a signature was changed', () => {
    const bytes = Buffer.from(leaf.certificate.raw);
    bytes[bytes.length - 1]! ^= 1;
    const certificate = new X509Certificate(bytes);
    assert.match(
      outcome([{ ...leaf, certificate }, middle, root]),
      /^leaf has a signature that is not its authority's: it does not verify under middle/,
    );
  });

  it('when a hash is one that can be forged', () => {
    const old = issuedBy(root, { name: 'old', digest: 'sha1' });
    assert.match(outcome([old, root]), /^old has a signature of an algorithm that is not supported/);
  });

  it('when a critical extension is not understood', () => {
    const odd = issuedBy(root, { name: 'odd', extensions: ['1.2.3.4=critical,ASN1:NULL'] });
    assert.match(outcome([odd, root]), /^odd has a critical extension that is not supported: 1\.2\.3\.4\./);
    const chain = [issuedBy(constrained, { name: 'x' }), constrained, root];
    assert.match(
      outcome(chain),
      /^constrained has a critical extension that is not supported: 2\.5\.29\.30\./,
    );
  });

  it('when a key is of a kind that no key here has', () => {
    for (const [how, name] of [
      [['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'], 'rsa'],
      [['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp256k1'], 'curve'],
      [['-algorithm', 'ED25519'], 'ed25519'],
    ] as const) {
      const key = openssl('genpkey', ...how);
      const certificate = selfSigned({ name, key: put(key) });
      assert.match(
        outcome([certificate]),
        new RegExp(`^${name} has a key that is not supported: use one of RSA_2048, `),
      );
    }
  });
});

describe('an authority is as strong as what it certifies, or stronger', () => {
  const roots = ASYMMETRIC_ALGORITHMS.map((algorithm) =>
    selfSigned({ name: `root ${algorithm}`, algorithm }),
  );
  for (const [i, authority] of ASYMMETRIC_ALGORITHMS.entries()) {
    it(authority, () => {
      for (const algorithm of ASYMMETRIC_ALGORITHMS) {
        const key = keyFile(algorithm, 'leaf');
        const certified = issuedBy(roots[i]!, { name: 'leaf', key, algorithm });
        const weaker = `root ${authority} has a weaker key (${authority}) than what it certifies (${algorithm}): an authority must be as strong or stronger.`;
        const expected = CERTIFIABLE[authority].includes(algorithm) ? 'valid' : weaker;
        assert.equal(outcome([certified, roots[i]!]), expected);
      }
    });
  }

  it('by the rules that AWS publishes', () => {
    assert.deepEqual(CERTIFIABLE.RSA_2048, ['RSA_2048']);
    const certifying = (leaf: 'ECC_NIST_P384') =>
      ASYMMETRIC_ALGORITHMS.filter((authority) => CERTIFIABLE[authority].includes(leaf));
    // RSA_4096 besides, the algorithm of AWS's own authorities.
    assert.deepEqual(certifying('ECC_NIST_P384'), ['RSA_4096', 'ECC_NIST_P384', 'ECC_NIST_P521']);
  });
});
