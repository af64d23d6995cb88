import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPrivateKey, parsePrivateKey } from '../../src/operations/asymmetric-key.ts';
import { issuedBy, selfSigned } from '../pki/openssl.ts';
import { importRoot, pair, publicKey, trusted } from './asymmetric.ts';
import { Service } from './service.ts';

/** The secret numbers of a key pair, as bytes. */
const SECRETS = ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const;

/** How bytes may show themselves: hexadecimal, base64 at each offset, a list of numbers, themselves; a part is enough. */
function disguises(bytes: Buffer): string[] {
  const part = bytes.subarray(0, 24);
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), part])
      .toString('base64')
      .slice(4, 24),
  );
  return [
    part.toString('hex'),
    part.toString('hex').toUpperCase(),
    [...part].join(','),
    part.toString('latin1'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** Text without line breaks, with all base64 in it decoded once: certificates go out as base64 of base64. */
function searchable(sent: readonly string[]): string {
  const decoded = sent.flatMap((text) =>
    [...text.matchAll(/[A-Za-z0-9+/=]{40,}/g)].map(([base64]) =>
      Buffer.from(base64, 'base64').toString('latin1'),
    ),
  );
  return [...sent, ...decoded].join('\n').replaceAll(/\\n|\n/g, '');
}

test('no answer and no refusal shows a private key, of a pair, of a token or of the authority', async (t) => {
  const service = new Service(t);
  service.time = Date.now() + 60_000;
  const { context } = service;
  const pairs = [pair('S0', 'RSA_2048', 'S'), pair('D1', 'RSA_2048', 'B'), pair('K3', 'ECC_NIST_P256', 'X')];
  const arns: string[] = [];
  const subject = { SigningAlgorithm: 'SHA256', CertificateSubject: { CommonName: 'x' } } as const;
  for (const request of pairs) {
    const KeyIdentifier = (await service.call('CreateKey', request)).Key.KeyArn;
    arns.push(KeyIdentifier);
    await service.call('GetPublicKeyCertificate', { KeyIdentifier });
    await service.call('GetCertificateSigningRequest', { KeyIdentifier, ...subject });
    await service.refusal('ImportKey', trusted(selfSigned({ name: 'x' }), KeyIdentifier));
    await service.refusal('GetCertificateSigningRequest', {
      KeyIdentifier,
      ...subject,
      CertificateSubject: { CommonName: '\u0001' },
    });
    await service.call('StopKeyUsage', { KeyIdentifier });
    await service.refusal('GetPublicKeyCertificate', { KeyIdentifier });
    await service.refusal('GetCertificateSigningRequest', { KeyIdentifier, ...subject });
  }
  const root = selfSigned({ name: 'root' });
  const rootArn = await importRoot(service, root);
  await service.call('ImportKey', trusted(issuedBy(root, { name: 'leaf' }), rootArn));
  await service.refusal('ImportKey', trusted(root, rootArn, publicKey('RSA_2048')));
  const { ImportToken } = await service.call('GetParametersForImport', {
    KeyMaterialType: 'KEY_CRYPTOGRAM',
    WrappingKeyAlgorithm: 'RSA_2048',
  });
  const { ExportToken } = await service.call('GetParametersForExport', {
    KeyMaterialType: 'TR34_KEY_BLOCK',
    SigningKeyAlgorithm: 'RSA_2048',
  });

  const records = await Promise.all(arns.map((arn) => context.store.findKey(context.region, arn.slice(-16))));
  const tokenKeyOf = async (tokenId: string) =>
    context.vault.openToken((await context.store.findToken(context.region, tokenId))!);
  using importKey = await tokenKeyOf(ImportToken);
  using exportKey = await tokenKeyOf(ExportToken);
  const authority = (await context.store.latestAuthority(context.region))!;
  using authorityKey = await context.vault.openAuthority(authority);
  const privateKeys = [
    ...(await Promise.all(records.map((record) => openPrivateKey(record!, context)))),
    parsePrivateKey(importKey),
    parsePrivateKey(exportKey),
    parsePrivateKey(authorityKey),
  ];
  const sent = searchable(service.sent);
  for (const privateKey of privateKeys) {
    const jwk = privateKey.export({ format: 'jwk' });
    const secrets = SECRETS.flatMap((part) => (jwk[part] === undefined ? [] : [jwk[part]]));
    assert.ok(secrets.length >= 1);
    for (const secret of secrets) {
      for (const disguise of disguises(Buffer.from(secret, 'base64url'))) assert.ok(!sent.includes(disguise));
    }
  }
  // The search finds what was sent: the public modulus, in a certificate.
  const { n } = privateKeys[0]!.export({ format: 'jwk' });
  assert.ok(disguises(Buffer.from(n!, 'base64url')).some((disguise) => sent.includes(disguise)));
});
