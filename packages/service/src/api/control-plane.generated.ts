// Made from the model of Payment Cryptography Control Plane 2021-09-14 by tools/generate-api.ts; not edited by hand.

export interface AccessDeniedException {
  Message?: string;
}

export interface AddKeyReplicationRegionsInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
  ReplicationRegions: Regions;
}

export interface AddKeyReplicationRegionsOutput {
  Key: Key;
}

export interface Alias {
  AliasName: AliasName;
  KeyArn?: KeyArn;
}

export type AliasName = string;

export type Aliases = Alias[];

export type As2805KeyVariant = 'TERMINAL_MAJOR_KEY_VARIANT_00' | 'PIN_ENCRYPTION_KEY_VARIANT_28' | 'MESSAGE_AUTHENTICATION_KEY_VARIANT_24' | 'DATA_ENCRYPTION_KEY_VARIANT_22';

export interface AssociateMpaTeamInput {
  Action: MpaOperation;
  MpaTeamArn: MpaTeamArn;
  RequesterComment?: MpaRequesterComment;
}

export interface AssociateMpaTeamOutput {
  MpaTeamAssociation: MpaTeamAssociation;
}

export type AssociationState = 'ACTIVE' | 'UPDATE_PENDING' | 'DELETE_PENDING';

export type CertificateSigningRequestType = string;

export interface CertificateSubjectType {
  CommonName: CertificateSubjectTypeCommonNameString;
  OrganizationUnit?: CertificateSubjectTypeOrganizationUnitString;
  Organization?: CertificateSubjectTypeOrganizationString;
  City?: CertificateSubjectTypeCityString;
  Country?: CertificateSubjectTypeCountryString;
  StateOrProvince?: CertificateSubjectTypeStateOrProvinceString;
  EmailAddress?: CertificateSubjectTypeEmailAddressString;
}

export type CertificateSubjectTypeCityString = string;

export type CertificateSubjectTypeCommonNameString = string;

export type CertificateSubjectTypeCountryString = string;

export type CertificateSubjectTypeEmailAddressString = string;

export type CertificateSubjectTypeOrganizationString = string;

export type CertificateSubjectTypeOrganizationUnitString = string;

export type CertificateSubjectTypeStateOrProvinceString = string;

export type CertificateType = string;

export interface ConflictException {
  Message?: string;
}

export interface CreateAliasInput {
  AliasName: AliasName;
  KeyArn?: KeyArn;
}

export interface CreateAliasOutput {
  Alias: Alias;
}

export interface CreateKeyInput {
  KeyAttributes: KeyAttributes;
  KeyCheckValueAlgorithm?: KeyCheckValueAlgorithm;
  Exportable: boolean;
  Enabled?: boolean;
  Tags?: Tags;
  DeriveKeyUsage?: DeriveKeyUsage;
  ReplicationRegions?: Regions;
}

export interface CreateKeyOutput {
  Key: Key;
}

export interface DeleteAliasInput {
  AliasName: AliasName;
}

export interface DeleteAliasOutput {

}

export interface DeleteKeyInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
  DeleteKeyInDays?: DeleteKeyInputDeleteKeyInDaysInteger;
}

export type DeleteKeyInputDeleteKeyInDaysInteger = number;

export interface DeleteKeyOutput {
  Key: Key;
}

export interface DeleteResourcePolicyInput {
  ResourceArn: ResourceArn;
}

export interface DeleteResourcePolicyOutput {

}

export type DeriveKeyUsage = 'TR31_B0_BASE_DERIVATION_KEY' | 'TR31_C0_CARD_VERIFICATION_KEY' | 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY' | 'TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS' | 'TR31_E1_EMV_MKEY_CONFIDENTIALITY' | 'TR31_E2_EMV_MKEY_INTEGRITY' | 'TR31_E4_EMV_MKEY_DYNAMIC_NUMBERS' | 'TR31_E5_EMV_MKEY_CARD_PERSONALIZATION' | 'TR31_E6_EMV_MKEY_OTHER' | 'TR31_K0_KEY_ENCRYPTION_KEY' | 'TR31_K1_KEY_BLOCK_PROTECTION_KEY' | 'TR31_M3_ISO_9797_3_MAC_KEY' | 'TR31_M1_ISO_9797_1_MAC_KEY' | 'TR31_M6_ISO_9797_5_CMAC_KEY' | 'TR31_M7_HMAC_KEY' | 'TR31_P0_PIN_ENCRYPTION_KEY' | 'TR31_P1_PIN_GENERATION_KEY' | 'TR31_V1_IBM3624_PIN_VERIFICATION_KEY' | 'TR31_V2_VISA_PIN_VERIFICATION_KEY';

export interface DiffieHellmanDerivationData {
  SharedInformation?: SharedInformation;
}

export interface DisableDefaultKeyReplicationRegionsInput {
  ReplicationRegions: Regions;
}

export interface DisableDefaultKeyReplicationRegionsOutput {
  EnabledReplicationRegions: Regions;
}

export interface DisassociateMpaTeamInput {
  Action: MpaOperation;
  RequesterComment?: MpaRequesterComment;
}

export interface DisassociateMpaTeamOutput {
  MpaTeamAssociation: MpaTeamAssociation;
}

export interface EnableDefaultKeyReplicationRegionsInput {
  ReplicationRegions: Regions;
}

export interface EnableDefaultKeyReplicationRegionsOutput {
  EnabledReplicationRegions: Regions;
}

export type EvenHexLengthBetween16And32 = string;

export interface ExportAs2805KeyCryptogram {
  WrappingKeyIdentifier: KeyArnOrKeyAliasType;
  As2805KeyVariant: As2805KeyVariant;
}

export interface ExportAttributes {
  ExportDukptInitialKey?: ExportDukptInitialKey;
  KeyCheckValueAlgorithm?: KeyCheckValueAlgorithm;
}

export interface ExportDiffieHellmanTr31KeyBlock {
  PrivateKeyIdentifier: KeyArnOrKeyAliasType;
  CertificateAuthorityPublicKeyIdentifier: KeyArnOrKeyAliasType;
  PublicKeyCertificate: CertificateType;
  DeriveKeyAlgorithm: SymmetricKeyAlgorithm;
  KeyDerivationFunction: KeyDerivationFunction;
  KeyDerivationHashAlgorithm: KeyDerivationHashAlgorithm;
  DerivationData: DiffieHellmanDerivationData;
  KeyBlockHeaders?: KeyBlockHeaders;
}

export interface ExportDukptInitialKey {
  KeySerialNumber: HexLength20Or24;
}

export interface ExportKeyCryptogram {
  CertificateAuthorityPublicKeyIdentifier: KeyArnOrKeyAliasType;
  WrappingKeyCertificate: CertificateType;
  WrappingSpec?: WrappingKeySpec;
}

export interface ExportKeyInput {
  KeyMaterial: ExportKeyMaterial;
  ExportKeyIdentifier: KeyArnOrKeyAliasType;
  ExportAttributes?: ExportAttributes;
}

export interface ExportKeyMaterial {
  Tr31KeyBlock?: ExportTr31KeyBlock;
  Tr34KeyBlock?: ExportTr34KeyBlock;
  KeyCryptogram?: ExportKeyCryptogram;
  DiffieHellmanTr31KeyBlock?: ExportDiffieHellmanTr31KeyBlock;
  As2805KeyCryptogram?: ExportAs2805KeyCryptogram;
}

export interface ExportKeyOutput {
  WrappedKey?: WrappedKey;
}

export type ExportTokenId = string;

export interface ExportTr31KeyBlock {
  WrappingKeyIdentifier: KeyArnOrKeyAliasType;
  KeyBlockHeaders?: KeyBlockHeaders;
}

export interface ExportTr34KeyBlock {
  CertificateAuthorityPublicKeyIdentifier: KeyArnOrKeyAliasType;
  WrappingKeyCertificate: CertificateType;
  ExportToken?: ExportTokenId;
  SigningKeyIdentifier?: KeyArnOrKeyAliasType;
  SigningKeyCertificate?: CertificateType;
  KeyBlockFormat: Tr34KeyBlockFormat;
  RandomNonce?: EvenHexLengthBetween16And32;
  KeyBlockHeaders?: KeyBlockHeaders;
}

export interface GetAliasInput {
  AliasName: AliasName;
}

export interface GetAliasOutput {
  Alias: Alias;
}

export interface GetCertificateSigningRequestInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
  SigningAlgorithm: SigningAlgorithmType;
  CertificateSubject: CertificateSubjectType;
}

export interface GetCertificateSigningRequestOutput {
  CertificateSigningRequest: CertificateSigningRequestType;
}

export interface GetDefaultKeyReplicationRegionsInput {

}

export interface GetDefaultKeyReplicationRegionsOutput {
  EnabledReplicationRegions: Regions;
}

export interface GetKeyInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
}

export interface GetKeyOutput {
  Key: Key;
}

export interface GetMpaTeamAssociationInput {
  Action: MpaOperation;
}

export interface GetMpaTeamAssociationOutput {
  MpaTeamAssociation: MpaTeamAssociation;
}

export interface GetParametersForExportInput {
  KeyMaterialType: KeyMaterialType;
  SigningKeyAlgorithm: KeyAlgorithm;
  ReuseLastGeneratedToken?: boolean;
}

export interface GetParametersForExportOutput {
  SigningKeyCertificate: CertificateType;
  SigningKeyCertificateChain: CertificateType;
  SigningKeyAlgorithm: KeyAlgorithm;
  ExportToken: ExportTokenId;
  ParametersValidUntilTimestamp: Timestamp;
}

export interface GetParametersForImportInput {
  KeyMaterialType: KeyMaterialType;
  WrappingKeyAlgorithm: KeyAlgorithm;
  ReuseLastGeneratedToken?: boolean;
}

export interface GetParametersForImportOutput {
  WrappingKeyCertificate: CertificateType;
  WrappingKeyCertificateChain: CertificateType;
  WrappingKeyAlgorithm: KeyAlgorithm;
  ImportToken: ImportTokenId;
  ParametersValidUntilTimestamp: Timestamp;
}

export interface GetPublicKeyCertificateInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
}

export interface GetPublicKeyCertificateOutput {
  KeyCertificate: CertificateType;
  KeyCertificateChain: CertificateType;
}

export interface GetResourcePolicyInput {
  ResourceArn: ResourceArn;
}

export interface GetResourcePolicyOutput {
  ResourceArn: ResourceArn;
  Policy: ResourcePolicy;
}

export type HexLength20Or24 = string;

export interface ImportAs2805KeyCryptogram {
  As2805KeyVariant: As2805KeyVariant;
  KeyModesOfUse: KeyModesOfUse;
  KeyAlgorithm: KeyAlgorithm;
  Exportable: boolean;
  WrappingKeyIdentifier: KeyArnOrKeyAliasType;
  WrappedKeyCryptogram: WrappedKeyCryptogram;
}

export interface ImportDiffieHellmanTr31KeyBlock {
  PrivateKeyIdentifier: KeyArnOrKeyAliasType;
  CertificateAuthorityPublicKeyIdentifier: KeyArnOrKeyAliasType;
  PublicKeyCertificate: CertificateType;
  DeriveKeyAlgorithm: SymmetricKeyAlgorithm;
  KeyDerivationFunction: KeyDerivationFunction;
  KeyDerivationHashAlgorithm: KeyDerivationHashAlgorithm;
  DerivationData: DiffieHellmanDerivationData;
  WrappedKeyBlock: Tr31WrappedKeyBlock;
}

export interface ImportKeyCryptogram {
  KeyAttributes: KeyAttributes;
  Exportable: boolean;
  WrappedKeyCryptogram: WrappedKeyCryptogram;
  ImportToken: ImportTokenId;
  WrappingSpec?: WrappingKeySpec;
}

export interface ImportKeyInput {
  KeyMaterial: ImportKeyMaterial;
  KeyCheckValueAlgorithm?: KeyCheckValueAlgorithm;
  Enabled?: boolean;
  Tags?: Tags;
  ReplicationRegions?: Regions;
  RequesterComment?: MpaRequesterComment;
}

export interface ImportKeyMaterial {
  RootCertificatePublicKey?: RootCertificatePublicKey;
  TrustedCertificatePublicKey?: TrustedCertificatePublicKey;
  Tr31KeyBlock?: ImportTr31KeyBlock;
  Tr34KeyBlock?: ImportTr34KeyBlock;
  KeyCryptogram?: ImportKeyCryptogram;
  DiffieHellmanTr31KeyBlock?: ImportDiffieHellmanTr31KeyBlock;
  As2805KeyCryptogram?: ImportAs2805KeyCryptogram;
}

export interface ImportKeyOutput {
  Key: Key;
}

export type ImportTokenId = string;

export interface ImportTr31KeyBlock {
  WrappingKeyIdentifier: KeyArnOrKeyAliasType;
  WrappedKeyBlock: Tr31WrappedKeyBlock;
}

export interface ImportTr34KeyBlock {
  CertificateAuthorityPublicKeyIdentifier: KeyArnOrKeyAliasType;
  SigningKeyCertificate: CertificateType;
  ImportToken?: ImportTokenId;
  WrappingKeyIdentifier?: KeyArnOrKeyAliasType;
  WrappingKeyCertificate?: CertificateType;
  WrappedKeyBlock: Tr34WrappedKeyBlock;
  KeyBlockFormat: Tr34KeyBlockFormat;
  RandomNonce?: EvenHexLengthBetween16And32;
}

export interface InternalServerException {
  Message?: string;
}

export interface Key {
  KeyArn: KeyArn;
  KeyAttributes: KeyAttributes;
  KeyCheckValue: KeyCheckValue;
  KeyCheckValueAlgorithm: KeyCheckValueAlgorithm;
  Enabled: boolean;
  Exportable: boolean;
  KeyState: KeyState;
  KeyOrigin: KeyOrigin;
  CreateTimestamp: Timestamp;
  UsageStartTimestamp?: Timestamp;
  UsageStopTimestamp?: Timestamp;
  DeletePendingTimestamp?: Timestamp;
  DeleteTimestamp?: Timestamp;
  DeriveKeyUsage?: DeriveKeyUsage;
  MultiRegionKeyType?: MultiRegionKeyType;
  PrimaryRegion?: Region;
  ReplicationStatus?: ReplicationStatus;
  UsingDefaultReplicationRegions?: boolean;
  MpaStatus?: MpaStatus;
}

export type KeyAlgorithm = 'TDES_2KEY' | 'TDES_3KEY' | 'AES_128' | 'AES_192' | 'AES_256' | 'HMAC_SHA256' | 'HMAC_SHA384' | 'HMAC_SHA512' | 'HMAC_SHA224' | 'RSA_2048' | 'RSA_3072' | 'RSA_4096' | 'ECC_NIST_P256' | 'ECC_NIST_P384' | 'ECC_NIST_P521';

export type KeyArn = string;

export type KeyArnOrKeyAliasType = string;

export interface KeyAttributes {
  KeyUsage: KeyUsage;
  KeyClass: KeyClass;
  KeyAlgorithm: KeyAlgorithm;
  KeyModesOfUse: KeyModesOfUse;
}

export interface KeyBlockHeaders {
  KeyModesOfUse?: KeyModesOfUse;
  KeyExportability?: KeyExportability;
  KeyVersion?: KeyVersion;
  OptionalBlocks?: OptionalBlocks;
}

export type KeyCheckValue = string;

export type KeyCheckValueAlgorithm = 'CMAC' | 'ANSI_X9_24' | 'HMAC' | 'SHA_1';

export type KeyClass = 'SYMMETRIC_KEY' | 'ASYMMETRIC_KEY_PAIR' | 'PRIVATE_KEY' | 'PUBLIC_KEY';

export type KeyDerivationFunction = 'NIST_SP800' | 'ANSI_X963';

export type KeyDerivationHashAlgorithm = 'SHA_256' | 'SHA_384' | 'SHA_512';

export type KeyExportability = 'EXPORTABLE' | 'NON_EXPORTABLE' | 'SENSITIVE';

export type KeyMaterial = string;

export type KeyMaterialType = 'TR34_KEY_BLOCK' | 'TR31_KEY_BLOCK' | 'ROOT_PUBLIC_KEY_CERTIFICATE' | 'TRUSTED_PUBLIC_KEY_CERTIFICATE' | 'KEY_CRYPTOGRAM';

export interface KeyModesOfUse {
  Encrypt?: PrimitiveBoolean;
  Decrypt?: PrimitiveBoolean;
  Wrap?: PrimitiveBoolean;
  Unwrap?: PrimitiveBoolean;
  Generate?: PrimitiveBoolean;
  Sign?: PrimitiveBoolean;
  Verify?: PrimitiveBoolean;
  DeriveKey?: PrimitiveBoolean;
  NoRestrictions?: PrimitiveBoolean;
}

export type KeyOrigin = 'EXTERNAL' | 'AWS_PAYMENT_CRYPTOGRAPHY';

export type KeyReplicationState = 'IN_PROGRESS' | 'DELETE_IN_PROGRESS' | 'FAILED' | 'SYNCHRONIZED';

export type KeyState = 'CREATE_IN_PROGRESS' | 'CREATE_COMPLETE' | 'DELETE_PENDING' | 'DELETE_COMPLETE';

export interface KeySummary {
  KeyArn: KeyArn;
  KeyState: KeyState;
  KeyAttributes: KeyAttributes;
  KeyCheckValue: KeyCheckValue;
  Exportable: boolean;
  Enabled: boolean;
  MultiRegionKeyType?: MultiRegionKeyType;
  PrimaryRegion?: Region;
}

export type KeySummaryList = KeySummary[];

export type KeyUsage = 'TR31_B0_BASE_DERIVATION_KEY' | 'TR31_C0_CARD_VERIFICATION_KEY' | 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY' | 'TR31_D1_ASYMMETRIC_KEY_FOR_DATA_ENCRYPTION' | 'TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS' | 'TR31_E1_EMV_MKEY_CONFIDENTIALITY' | 'TR31_E2_EMV_MKEY_INTEGRITY' | 'TR31_E4_EMV_MKEY_DYNAMIC_NUMBERS' | 'TR31_E5_EMV_MKEY_CARD_PERSONALIZATION' | 'TR31_E6_EMV_MKEY_OTHER' | 'TR31_K0_KEY_ENCRYPTION_KEY' | 'TR31_K1_KEY_BLOCK_PROTECTION_KEY' | 'TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT' | 'TR31_M0_ISO_16609_MAC_KEY' | 'TR31_M3_ISO_9797_3_MAC_KEY' | 'TR31_M1_ISO_9797_1_MAC_KEY' | 'TR31_M6_ISO_9797_5_CMAC_KEY' | 'TR31_M7_HMAC_KEY' | 'TR31_P0_PIN_ENCRYPTION_KEY' | 'TR31_P1_PIN_GENERATION_KEY' | 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE' | 'TR31_V1_IBM3624_PIN_VERIFICATION_KEY' | 'TR31_V2_VISA_PIN_VERIFICATION_KEY' | 'TR31_K2_TR34_ASYMMETRIC_KEY';

export type KeyVersion = string;

export interface ListAliasesInput {
  KeyArn?: KeyArn;
  NextToken?: NextToken;
  MaxResults?: MaxResults;
}

export interface ListAliasesOutput {
  Aliases: Aliases;
  NextToken?: NextToken;
}

export interface ListKeysInput {
  KeyState?: KeyState;
  NextToken?: NextToken;
  MaxResults?: MaxResults;
}

export interface ListKeysOutput {
  Keys: KeySummaryList;
  NextToken?: NextToken;
}

export interface ListTagsForResourceInput {
  ResourceArn: ResourceArn;
  NextToken?: NextToken;
  MaxResults?: MaxResults;
}

export interface ListTagsForResourceOutput {
  Tags: Tags;
  NextToken?: NextToken;
}

export type MaxResults = number;

export type MpaOperation = 'IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE';

export type MpaRequesterComment = string;

export type MpaSessionArn = string;

export interface MpaStatus {
  MpaSessionArn: MpaSessionArn;
  Status: SessionStatus;
  InitiationDate: Timestamp;
  StatusMessage?: MpaStatusMessage;
}

export type MpaStatusMessage = string;

export type MpaTeamArn = string;

export interface MpaTeamAssociation {
  Action: MpaOperation;
  MpaTeamArn: MpaTeamArn;
  AssociationState: AssociationState;
  MpaStatus?: MpaStatus;
}

export type MultiRegionKeyType = 'PRIMARY' | 'REPLICA';

export type NextToken = string;

export type OptionalBlockId = string;

export type OptionalBlockValue = string;

export type OptionalBlocks = Record<string, OptionalBlockValue>;

export type PrimitiveBoolean = boolean;

export interface PublicPolicyException {
  Message?: string;
}

export interface PutResourcePolicyInput {
  ResourceArn: ResourceArn;
  Policy: ResourcePolicy;
}

export interface PutResourcePolicyOutput {
  ResourceArn: ResourceArn;
  Policy: ResourcePolicy;
}

export type Region = string;

export type Regions = Region[];

export interface RemoveKeyReplicationRegionsInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
  ReplicationRegions: Regions;
}

export interface RemoveKeyReplicationRegionsOutput {
  Key: Key;
}

export type ReplicationStatus = Record<string, ReplicationStatusType>;

export interface ReplicationStatusType {
  Status: KeyReplicationState;
  StatusMessage?: string;
}

export type ResourceArn = string;

export interface ResourceNotFoundException {
  ResourceId?: string;
}

export type ResourcePolicy = string;

export interface RestoreKeyInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
}

export interface RestoreKeyOutput {
  Key: Key;
}

export interface RootCertificatePublicKey {
  KeyAttributes: KeyAttributes;
  PublicKeyCertificate: CertificateType;
}

export interface ServiceQuotaExceededException {
  Message?: string;
}

export interface ServiceUnavailableException {
  Message?: string;
}

export type SessionStatus = 'PENDING' | 'APPROVED' | 'FAILED' | 'CANCELLED';

export type SharedInformation = string;

export type SigningAlgorithmType = 'SHA224' | 'SHA256' | 'SHA384' | 'SHA512';

export interface StartKeyUsageInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
}

export interface StartKeyUsageOutput {
  Key: Key;
}

export interface StopKeyUsageInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
}

export interface StopKeyUsageOutput {
  Key: Key;
}

export type SymmetricKeyAlgorithm = 'TDES_2KEY' | 'TDES_3KEY' | 'AES_128' | 'AES_192' | 'AES_256' | 'HMAC_SHA256' | 'HMAC_SHA384' | 'HMAC_SHA512' | 'HMAC_SHA224';

export interface Tag {
  Key: TagKey;
  Value: TagValue;
}

export type TagKey = string;

export type TagKeys = TagKey[];

export interface TagResourceInput {
  ResourceArn: ResourceArn;
  Tags: Tags;
}

export interface TagResourceOutput {

}

export type TagValue = string;

export type Tags = Tag[];

export interface ThrottlingException {
  Message?: string;
}

export type Timestamp = number;

export type Tr31WrappedKeyBlock = string;

export type Tr34KeyBlockFormat = 'X9_TR34_2012';

export type Tr34WrappedKeyBlock = string;

export interface TrustedCertificatePublicKey {
  KeyAttributes: KeyAttributes;
  PublicKeyCertificate: CertificateType;
  CertificateAuthorityPublicKeyIdentifier: KeyArnOrKeyAliasType;
}

export interface UntagResourceInput {
  ResourceArn: ResourceArn;
  TagKeys: TagKeys;
}

export interface UntagResourceOutput {

}

export interface UpdateAliasInput {
  AliasName: AliasName;
  KeyArn?: KeyArn;
}

export interface UpdateAliasOutput {
  Alias: Alias;
}

export interface ValidationException {
  Message?: string;
}

export interface WrappedKey {
  WrappingKeyArn: KeyArn;
  WrappedKeyMaterialFormat: WrappedKeyMaterialFormat;
  KeyMaterial: KeyMaterial;
  KeyCheckValue?: KeyCheckValue;
  KeyCheckValueAlgorithm?: KeyCheckValueAlgorithm;
}

export type WrappedKeyCryptogram = string;

export type WrappedKeyMaterialFormat = 'KEY_CRYPTOGRAM' | 'TR31_KEY_BLOCK' | 'TR34_KEY_BLOCK';

export type WrappingKeySpec = 'RSA_OAEP_SHA_256' | 'RSA_OAEP_SHA_512';

export interface ControlPlane {
  AddKeyReplicationRegions: { input: AddKeyReplicationRegionsInput; output: AddKeyReplicationRegionsOutput };
  AssociateMpaTeam: { input: AssociateMpaTeamInput; output: AssociateMpaTeamOutput };
  CreateAlias: { input: CreateAliasInput; output: CreateAliasOutput };
  CreateKey: { input: CreateKeyInput; output: CreateKeyOutput };
  DeleteAlias: { input: DeleteAliasInput; output: DeleteAliasOutput };
  DeleteKey: { input: DeleteKeyInput; output: DeleteKeyOutput };
  DeleteResourcePolicy: { input: DeleteResourcePolicyInput; output: DeleteResourcePolicyOutput };
  DisableDefaultKeyReplicationRegions: { input: DisableDefaultKeyReplicationRegionsInput; output: DisableDefaultKeyReplicationRegionsOutput };
  DisassociateMpaTeam: { input: DisassociateMpaTeamInput; output: DisassociateMpaTeamOutput };
  EnableDefaultKeyReplicationRegions: { input: EnableDefaultKeyReplicationRegionsInput; output: EnableDefaultKeyReplicationRegionsOutput };
  ExportKey: { input: ExportKeyInput; output: ExportKeyOutput };
  GetAlias: { input: GetAliasInput; output: GetAliasOutput };
  GetCertificateSigningRequest: { input: GetCertificateSigningRequestInput; output: GetCertificateSigningRequestOutput };
  GetDefaultKeyReplicationRegions: { input: GetDefaultKeyReplicationRegionsInput; output: GetDefaultKeyReplicationRegionsOutput };
  GetKey: { input: GetKeyInput; output: GetKeyOutput };
  GetMpaTeamAssociation: { input: GetMpaTeamAssociationInput; output: GetMpaTeamAssociationOutput };
  GetParametersForExport: { input: GetParametersForExportInput; output: GetParametersForExportOutput };
  GetParametersForImport: { input: GetParametersForImportInput; output: GetParametersForImportOutput };
  GetPublicKeyCertificate: { input: GetPublicKeyCertificateInput; output: GetPublicKeyCertificateOutput };
  GetResourcePolicy: { input: GetResourcePolicyInput; output: GetResourcePolicyOutput };
  ImportKey: { input: ImportKeyInput; output: ImportKeyOutput };
  ListAliases: { input: ListAliasesInput; output: ListAliasesOutput };
  ListKeys: { input: ListKeysInput; output: ListKeysOutput };
  ListTagsForResource: { input: ListTagsForResourceInput; output: ListTagsForResourceOutput };
  PutResourcePolicy: { input: PutResourcePolicyInput; output: PutResourcePolicyOutput };
  RemoveKeyReplicationRegions: { input: RemoveKeyReplicationRegionsInput; output: RemoveKeyReplicationRegionsOutput };
  RestoreKey: { input: RestoreKeyInput; output: RestoreKeyOutput };
  StartKeyUsage: { input: StartKeyUsageInput; output: StartKeyUsageOutput };
  StopKeyUsage: { input: StopKeyUsageInput; output: StopKeyUsageOutput };
  TagResource: { input: TagResourceInput; output: TagResourceOutput };
  UntagResource: { input: UntagResourceInput; output: UntagResourceOutput };
  UpdateAlias: { input: UpdateAliasInput; output: UpdateAliasOutput };
}

