import type { KeyObject, X509Certificate } from 'node:crypto';
import { conflict, invalid, notFound } from '../api/exceptions.ts';
import { generatePair } from '../operations/generate-key-pair.ts';
import { certificatePem, readCertificate, toPem } from '../pki/certificate.ts';
import { checkChain } from '../pki/chain.ts';
import { certificationRequest } from '../pki/csr.ts';
import { type Certified, issueLeaf, issueRoot } from '../pki/issue.ts';
import { type CertificationRequester, readCertificationRequest } from '../pki/read-csr.ts';
import { hashOf, nameOf, validity } from './certificate-terms.ts';
import {
  AUTHORITY_ALGORITHMS,
  type NewAuthority,
  type NewCertificate,
  ROOT_TEMPLATE,
  type Tag,
} from './private-ca-model.ts';

type Status = 'PENDING_CERTIFICATE' | 'ACTIVE' | 'DISABLED';

/** A root authority of AWS Private CA, with its key, held in memory: for samples, not to be relied on. */
export class CertificateAuthority {
  readonly arn: string;
  readonly #tags = new Map<string, string>();
  readonly #input: NewAuthority;
  readonly #createdAt: number;
  readonly #publicKey: KeyObject;
  readonly #privateKey: KeyObject;
  readonly #issued = new Map<string, X509Certificate>();
  #status: Status = 'PENDING_CERTIFICATE';
  #certificate: X509Certificate | undefined;

  private constructor(
    arn: string,
    input: NewAuthority,
    now: number,
    pair: { publicKey: KeyObject; privateKey: KeyObject },
  ) {
    this.arn = arn;
    this.#input = input;
    this.#createdAt = now;
    this.#publicKey = pair.publicKey;
    this.#privateKey = pair.privateKey;
  }

  static async create(arn: string, input: NewAuthority, now: number): Promise<CertificateAuthority> {
    const { KeyAlgorithm, SigningAlgorithm } = input.CertificateAuthorityConfiguration;
    const pair = await generatePair(AUTHORITY_ALGORITHMS[KeyAlgorithm]);
    hashOf(SigningAlgorithm, pair.publicKey, 'signingAlgorithm');
    return new CertificateAuthority(arn, input, now, pair);
  }

  tag(tags: readonly Tag[]): void {
    for (const { Key, Value = '' } of tags) this.#tags.set(Key, Value);
  }

  tags(): Tag[] {
    return Array.from(this.#tags, ([Key, Value]) => ({ Key, Value }));
  }

  describe(account: string): object {
    const certificate = this.#certificate;
    return {
      Arn: this.arn,
      OwnerAccount: account,
      CreatedAt: this.#createdAt / 1000,
      Type: this.#input.CertificateAuthorityType,
      Status: this.#status,
      CertificateAuthorityConfiguration: this.#input.CertificateAuthorityConfiguration,
      UsageMode: this.#input.UsageMode ?? 'GENERAL_PURPOSE',
      ...(certificate && {
        Serial: certificate.serialNumber,
        NotBefore: certificate.validFromDate.getTime() / 1000,
        NotAfter: certificate.validToDate.getTime() / 1000,
      }),
    };
  }

  /** Its own certification request, PEM. */
  async request(): Promise<string> {
    const { Subject, SigningAlgorithm } = this.#input.CertificateAuthorityConfiguration;
    const applicant = {
      name: nameOf(Subject),
      publicKey: this.#publicKey,
      privateKey: this.#privateKey,
    };
    const der = await certificationRequest(
      applicant,
      hashOf(SigningAlgorithm, this.#publicKey, 'signingAlgorithm'),
    );
    return toPem(der, 'CERTIFICATE REQUEST');
  }

  /** Issues a certificate, its own when the template is the root's. @returns its ARN */
  async issue(input: NewCertificate, now: number): Promise<string> {
    const requester = readCertificationRequest(input.Csr, 'csr');
    const certified = {
      ...requester,
      validity: validity(input.Validity, now),
      hash: hashOf(input.SigningAlgorithm, this.#publicKey, 'signingAlgorithm'),
    };
    const own = input.TemplateArn === ROOT_TEMPLATE;
    const certificate = own ? await this.#issueRoot(certified) : await this.#issueLeaf(certified);
    const arn = `${this.arn}/certificate/${certificate.serialNumber.toLowerCase()}`;
    this.#issued.set(arn, certificate);
    return arn;
  }

  async #issueRoot(certified: CertificationRequester & Omit<Certified, 'purpose'>): Promise<X509Certificate> {
    if (certified.publicKey.equals(this.#publicKey)) return issueRoot(certified, this.#privateKey);
    throw invalid("csr must be the authority's own where templateArn is the template of a root.");
  }

  async #issueLeaf(certified: Omit<Certified, 'purpose'>): Promise<X509Certificate> {
    const authority = this.#active();
    if (certified.validity.notAfter > authority.validToDate.getTime()) {
      throw invalid(`validity must end before the authority's: ${authority.validToDate.toISOString()}.`);
    }
    return issueLeaf({ ...certified, purpose: 'key-encipherment' }, authority, this.#privateKey);
  }

  #active(): X509Certificate {
    if (this.#status === 'ACTIVE') return this.#certificate!;
    throw conflict(`The certificate authority must be ACTIVE, and is ${this.#status}.`);
  }

  /** A certificate that it issued, and the chain behind it, PEM. */
  issued(arn: string): object {
    const certificate = this.#issued.get(arn);
    if (certificate === undefined) throw notFound(arn);
    const own = certificate.publicKey.equals(this.#publicKey);
    const chain = own ? {} : { CertificateChain: certificatePem(this.#certificate!) };
    return { Certificate: certificatePem(certificate), ...chain };
  }

  /** Takes its certificate, and may issue from now on. */
  install(text: string, now: number): void {
    const certificate = readCertificate(text, 'certificate');
    if (!certificate.publicKey.equals(this.#publicKey)) {
      throw invalid('certificate must be for the key of the certificate authority, and is for another.');
    }
    checkChain([{ name: 'certificate', certificate }], now);
    this.#certificate = certificate;
    this.#status = 'ACTIVE';
  }

  /** Its certificate, PEM. */
  certificate(): string {
    if (this.#certificate !== undefined) return certificatePem(this.#certificate);
    throw conflict('The certificate authority has no certificate yet.');
  }

  setStatus(status: 'ACTIVE' | 'DISABLED'): void {
    this.certificate();
    this.#status = status;
  }

  assertDeletable(): void {
    if (this.#status === 'ACTIVE')
      throw conflict('The certificate authority must be DISABLED, and is ACTIVE.');
  }
}
