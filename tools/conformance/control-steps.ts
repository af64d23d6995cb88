import { X509Certificate } from 'node:crypto';
import { modesOfLetter } from '../../packages/service/src/policy/modes-of-use.ts';
import type { Answer } from './aws-sdk.ts';

/** One call of the control plane; later ones use what earlier ones answered. */
export interface Step {
  readonly operation: string;
  input(): object;
  /** Says what is wrong with an answer. */
  check(answer: Answer): string | undefined;
}

const ALIAS = 'alias/conformance';
const TAG = { Key: 'team', Value: 'acquiring' };

function attributes(KeyUsage: string, KeyAlgorithm: string): object {
  return { KeyUsage, KeyClass: 'SYMMETRIC_KEY', KeyAlgorithm, KeyModesOfUse: modesOfLetter('B') };
}

// biome-ignore lint/suspicious/noExplicitAny: the SDK's answers have no types here
const has = (read: (answer: any) => boolean, what: string) => (answer: Answer) =>
  read(answer) ? undefined : `the answer has no ${what}`;

/** The life of a key: made, found, listed, named, tagged, stopped, exported, imported, deleted, restored. */
export function controlSteps(): Step[] {
  const known = { kek: '', key: '', kcv: '', block: '' };
  const create = (usage: string, take: (arn: string, kcv: string) => void): Step => ({
    operation: 'CreateKey',
    input: () => ({ KeyAttributes: attributes(usage, 'AES_128'), Exportable: true, Tags: [TAG] }),
    check: (answer) => {
      const { KeyArn, KeyCheckValue, KeyState } = answer.Key as Record<string, string>;
      take(KeyArn!, KeyCheckValue!);
      return KeyState === 'CREATE_COMPLETE' ? undefined : `the key is in state ${KeyState}`;
    },
  });
  const ofKey = (operation: string, check: Step['check']): Step => ({
    operation,
    input: () => ({ KeyIdentifier: known.key }),
    check,
  });
  return [
    create('TR31_K1_KEY_BLOCK_PROTECTION_KEY', (arn) => Object.assign(known, { kek: arn })),
    create('TR31_P0_PIN_ENCRYPTION_KEY', (key, kcv) => Object.assign(known, { key, kcv })),
    ofKey(
      'GetKey',
      has(({ Key }) => Key.KeyCheckValue === known.kcv, 'same check value'),
    ),
    { operation: 'ListKeys', input: () => ({}), check: has(({ Keys }) => Keys.length === 2, 'two keys') },
    {
      operation: 'CreateAlias',
      input: () => ({ AliasName: ALIAS, KeyArn: known.key }),
      check: has(({ Alias }) => Alias.KeyArn === known.key, 'key'),
    },
    {
      operation: 'GetAlias',
      input: () => ({ AliasName: ALIAS }),
      check: has(({ Alias }) => Alias.KeyArn === known.key, 'key'),
    },
    {
      operation: 'ListAliases',
      input: () => ({}),
      check: has(({ Aliases }) => Aliases.length === 1, 'alias'),
    },
    {
      operation: 'UpdateAlias',
      input: () => ({ AliasName: ALIAS, KeyArn: known.kek }),
      check: has(({ Alias }) => Alias.KeyArn === known.kek, 'new key'),
    },
    { operation: 'DeleteAlias', input: () => ({ AliasName: ALIAS }), check: () => undefined },
    {
      operation: 'TagResource',
      input: () => ({ ResourceArn: known.key, Tags: [{ Key: 'zone', Value: '1' }] }),
      check: () => undefined,
    },
    {
      operation: 'ListTagsForResource',
      input: () => ({ ResourceArn: known.key }),
      check: has(({ Tags }) => Tags.length === 2, 'two tags'),
    },
    {
      operation: 'UntagResource',
      input: () => ({ ResourceArn: known.key, TagKeys: ['zone'] }),
      check: () => undefined,
    },
    ofKey(
      'StopKeyUsage',
      has(({ Key }) => Key.Enabled === false, 'disabled key'),
    ),
    ofKey(
      'StartKeyUsage',
      has(({ Key }) => Key.Enabled === true, 'enabled key'),
    ),
    {
      operation: 'ExportKey',
      input: () => ({
        ExportKeyIdentifier: known.key,
        KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: known.kek } },
      }),
      check: ({ WrappedKey }) => {
        known.block = (WrappedKey as Record<string, string>).KeyMaterial!;
        return /^D\d{4}P0AB00E0000/.test(known.block) ? undefined : 'the block has another header';
      },
    },
    {
      operation: 'ImportKey',
      input: () => ({
        KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: known.kek, WrappedKeyBlock: known.block } },
      }),
      check: has(({ Key }) => Key.KeyCheckValue === known.kcv, 'same check value'),
    },
    {
      operation: 'GetParametersForImport',
      input: () => ({ KeyMaterialType: 'TR34_KEY_BLOCK', WrappingKeyAlgorithm: 'RSA_2048' }),
      check: has(({ ImportToken }) => /^import-token-/.test(ImportToken), 'token'),
    },
    {
      operation: 'GetParametersForExport',
      input: () => ({ KeyMaterialType: 'TR34_KEY_BLOCK', SigningKeyAlgorithm: 'RSA_2048' }),
      check: has(({ ExportToken }) => /^export-token-/.test(ExportToken), 'token'),
    },
    ofKey(
      'DeleteKey',
      has(({ Key }) => Key.KeyState === 'DELETE_PENDING', 'pending key'),
    ),
    ofKey(
      'RestoreKey',
      has(({ Key }) => Key.KeyState === 'CREATE_COMPLETE', 'restored key'),
    ),
    ...keyPairSteps(),
  ];
}

/** A key pair, and the certificate of its public key. */
function keyPairSteps(): Step[] {
  let KeyIdentifier = '';
  return [
    {
      operation: 'CreateKey',
      input: () => ({
        KeyAttributes: {
          KeyUsage: 'TR31_D1_ASYMMETRIC_KEY_FOR_DATA_ENCRYPTION',
          KeyClass: 'ASYMMETRIC_KEY_PAIR',
          KeyAlgorithm: 'RSA_2048',
          KeyModesOfUse: { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true },
        },
        Exportable: true,
      }),
      check: ({ Key }) => {
        KeyIdentifier = (Key as { readonly KeyArn: string }).KeyArn;
        return undefined;
      },
    },
    {
      operation: 'GetPublicKeyCertificate',
      input: () => ({ KeyIdentifier }),
      check: has(
        ({ KeyCertificate, KeyCertificateChain }) =>
          certificateIn(KeyCertificate).checkIssued(certificateIn(KeyCertificateChain)),
        'certificate that its chain issued',
      ),
    },
  ];
}

function certificateIn(base64: string): X509Certificate {
  return new X509Certificate(Buffer.from(base64, 'base64'));
}

/** Calls that must be refused, with the code that the SDK reads from the answer. */
export function refusedSteps(): { operation: string; input: object; code: string }[] {
  const KeyIdentifier = 'arn:aws:payment-cryptography:us-east-2:111122223333:key/aaaaaaaaaaaaaaaa';
  return [
    { operation: 'GetKey', input: { KeyIdentifier }, code: 'ResourceNotFoundException' },
    { operation: 'GetAlias', input: { AliasName: 'alias/none' }, code: 'ResourceNotFoundException' },
    {
      operation: 'CreateKey',
      input: { KeyAttributes: attributes('TR31_P0_PIN_ENCRYPTION_KEY', 'RSA_2048'), Exportable: true },
      code: 'ValidationException',
    },
  ];
}
