// Made from the model of Payment Cryptography Data Plane 2022-02-03 by tools/generate-api.ts; not edited by hand.

export interface AccessDeniedException {
  Message?: string;
}

export interface AmexAttributes {
  MajorKeyDerivationMode: MajorKeyDerivationMode;
  PrimaryAccountNumber: PrimaryAccountNumberType;
  PanSequenceNumber: NumberLengthEquals2;
  ApplicationTransactionCounter: HexLengthEquals4;
  AuthorizationRequestKeyIdentifier: KeyArnOrKeyAliasType;
  CurrentPinAttributes?: CurrentPinAttributes;
}

export interface AmexCardSecurityCodeVersion1 {
  CardExpiryDate: CardExpiryDateType;
}

export interface AmexCardSecurityCodeVersion2 {
  CardExpiryDate: CardExpiryDateType;
  ServiceCode: ServiceCodeType;
}

export type ApplicationCryptogramType = string;

export interface As2805KekValidationType {
  KekValidationRequest?: KekValidationRequest;
  KekValidationResponse?: KekValidationResponse;
}

export interface As2805PekDerivationAttributes {
  SystemTraceAuditNumber: SystemTraceAuditNumberType;
  TransactionAmount: TransactionAmountType;
}

export type As2805RandomKeyMaterial = string;

export interface AsymmetricEncryptionAttributes {
  PaddingType?: PaddingType;
}

export type AuthRequestCryptogramType = string;

export type AuthResponseValueType = string;

export type CardExpiryDateType = string;

export interface CardGenerationAttributes {
  AmexCardSecurityCodeVersion1?: AmexCardSecurityCodeVersion1;
  AmexCardSecurityCodeVersion2?: AmexCardSecurityCodeVersion2;
  CardVerificationValue1?: CardVerificationValue1;
  CardVerificationValue2?: CardVerificationValue2;
  CardHolderVerificationValue?: CardHolderVerificationValue;
  DynamicCardVerificationCode?: DynamicCardVerificationCode;
  DynamicCardVerificationValue?: DynamicCardVerificationValue;
}

export interface CardHolderVerificationValue {
  UnpredictableNumber: HexLengthBetween2And8;
  PanSequenceNumber: NumberLengthEquals2;
  ApplicationTransactionCounter: HexLengthBetween2And4;
}

export interface CardVerificationAttributes {
  AmexCardSecurityCodeVersion1?: AmexCardSecurityCodeVersion1;
  AmexCardSecurityCodeVersion2?: AmexCardSecurityCodeVersion2;
  CardVerificationValue1?: CardVerificationValue1;
  CardVerificationValue2?: CardVerificationValue2;
  CardHolderVerificationValue?: CardHolderVerificationValue;
  DynamicCardVerificationCode?: DynamicCardVerificationCode;
  DynamicCardVerificationValue?: DynamicCardVerificationValue;
  DiscoverDynamicCardVerificationCode?: DiscoverDynamicCardVerificationCode;
}

export interface CardVerificationValue1 {
  CardExpiryDate: CardExpiryDateType;
  ServiceCode: ServiceCodeType;
}

export interface CardVerificationValue2 {
  CardExpiryDate: CardExpiryDateType;
}

export type CertificateType = string;

export type CipherTextType = string;

export type CommandMessageDataType = string;

export interface CryptogramAuthResponse {
  ArpcMethod1?: CryptogramVerificationArpcMethod1;
  ArpcMethod2?: CryptogramVerificationArpcMethod2;
}

export interface CryptogramVerificationArpcMethod1 {
  AuthResponseCode: HexLengthEquals4;
}

export interface CryptogramVerificationArpcMethod2 {
  CardStatusUpdate: HexLengthEquals8;
  ProprietaryAuthenticationData?: ProprietaryAuthenticationDataType;
}

export interface CurrentPinAttributes {
  CurrentPinPekIdentifier: KeyArnOrKeyAliasType;
  CurrentEncryptedPinBlock: PinBlockLengthEquals16;
}

export type DecimalizationTableType = string;

export interface DecryptDataInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
  CipherText: CipherTextType;
  DecryptionAttributes: EncryptionDecryptionAttributes;
  WrappedKey?: WrappedKey;
}

export interface DecryptDataOutput {
  KeyArn: KeyArn;
  KeyCheckValue: KeyCheckValue;
  PlainText: PlainTextOutputType;
}

export interface DerivationMethodAttributes {
  EmvCommon?: EmvCommonAttributes;
  Amex?: AmexAttributes;
  Visa?: VisaAttributes;
  Emv2000?: Emv2000Attributes;
  Mastercard?: MasterCardAttributes;
}

export interface DiffieHellmanDerivationData {
  SharedInformation?: SharedInformation;
}

export interface DiscoverDynamicCardVerificationCode {
  CardExpiryDate: CardExpiryDateType;
  UnpredictableNumber: HexLengthBetween2And8;
  ApplicationTransactionCounter: HexLengthBetween2And4;
}

export interface DukptAttributes {
  KeySerialNumber: HexLength16Or20Or24;
  DukptDerivationType: DukptDerivationType;
}

export interface DukptDerivationAttributes {
  KeySerialNumber: HexLength16Or20Or24;
  DukptKeyDerivationType?: DukptDerivationType;
  DukptKeyVariant?: DukptKeyVariant;
}

export type DukptDerivationType = 'TDES_2KEY' | 'TDES_3KEY' | 'AES_128' | 'AES_192' | 'AES_256';

export interface DukptEncryptionAttributes {
  KeySerialNumber: HexLength16Or20Or24;
  Mode?: DukptEncryptionMode;
  DukptKeyDerivationType?: DukptDerivationType;
  DukptKeyVariant?: DukptKeyVariant;
  InitializationVector?: InitializationVectorType;
}

export type DukptEncryptionMode = 'ECB' | 'CBC';

export type DukptKeyVariant = 'BIDIRECTIONAL' | 'REQUEST' | 'RESPONSE';

export interface DynamicCardVerificationCode {
  UnpredictableNumber: HexLengthBetween2And8;
  PanSequenceNumber: NumberLengthEquals2;
  ApplicationTransactionCounter: HexLengthBetween2And4;
  TrackData: TrackDataType;
}

export interface DynamicCardVerificationValue {
  PanSequenceNumber: NumberLengthEquals2;
  CardExpiryDate: CardExpiryDateType;
  ServiceCode: ServiceCodeType;
  ApplicationTransactionCounter: HexLengthBetween2And4;
}

export interface EcdhDerivationAttributes {
  CertificateAuthorityPublicKeyIdentifier: KeyArnOrKeyAliasType;
  PublicKeyCertificate: CertificateType;
  KeyAlgorithm: SymmetricKeyAlgorithm;
  KeyDerivationFunction: KeyDerivationFunction;
  KeyDerivationHashAlgorithm: KeyDerivationHashAlgorithm;
  SharedInformation: SharedInformation;
}

export interface Emv2000Attributes {
  MajorKeyDerivationMode: MajorKeyDerivationMode;
  PrimaryAccountNumber: PrimaryAccountNumberType;
  PanSequenceNumber: NumberLengthEquals2;
  ApplicationTransactionCounter: HexLengthEquals4;
}

export interface EmvCommonAttributes {
  MajorKeyDerivationMode: MajorKeyDerivationMode;
  PrimaryAccountNumber: PrimaryAccountNumberType;
  PanSequenceNumber: NumberLengthEquals2;
  ApplicationCryptogram: ApplicationCryptogramType;
  Mode: EmvEncryptionMode;
  PinBlockPaddingType: PinBlockPaddingType;
  PinBlockLengthPosition: PinBlockLengthPosition;
}

export interface EmvEncryptionAttributes {
  MajorKeyDerivationMode: EmvMajorKeyDerivationMode;
  PrimaryAccountNumber: PrimaryAccountNumberType;
  PanSequenceNumber: NumberLengthEquals2;
  SessionDerivationData: SessionDerivationDataType;
  Mode?: EmvEncryptionMode;
  InitializationVector?: InitializationVectorType;
}

export type EmvEncryptionMode = 'ECB' | 'CBC';

export type EmvMajorKeyDerivationMode = 'EMV_OPTION_A' | 'EMV_OPTION_B';

export interface EncryptDataInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
  PlainText: PlainTextType;
  EncryptionAttributes: EncryptionDecryptionAttributes;
  WrappedKey?: WrappedKey;
}

export interface EncryptDataOutput {
  KeyArn: KeyArn;
  KeyCheckValue?: KeyCheckValue;
  CipherText: CipherTextType;
}

export type EncryptedPinBlockType = string;

export interface EncryptionDecryptionAttributes {
  Symmetric?: SymmetricEncryptionAttributes;
  Asymmetric?: AsymmetricEncryptionAttributes;
  Dukpt?: DukptEncryptionAttributes;
  Emv?: EmvEncryptionAttributes;
}

export type EncryptionMode = 'ECB' | 'CBC' | 'CFB' | 'CFB1' | 'CFB8' | 'CFB64' | 'CFB128' | 'OFB';

export interface GenerateAs2805KekValidationInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
  KekValidationType: As2805KekValidationType;
  RandomKeySendVariantMask: RandomKeySendVariantMask;
}

export interface GenerateAs2805KekValidationOutput {
  KeyArn: KeyArn;
  KeyCheckValue: KeyCheckValue;
  RandomKeySend: As2805RandomKeyMaterial;
  RandomKeyReceive: As2805RandomKeyMaterial;
}

export interface GenerateAuthRequestCryptogramInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
  TransactionData: TransactionDataType;
  MajorKeyDerivationMode: MajorKeyDerivationMode;
  SessionKeyDerivationAttributes: SessionKeyDerivation;
}

export interface GenerateAuthRequestCryptogramOutput {
  KeyArn: KeyArn;
  KeyCheckValue: KeyCheckValue;
  AuthRequestCryptogram: AuthRequestCryptogramType;
}

export interface GenerateCardValidationDataInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
  PrimaryAccountNumber: PrimaryAccountNumberType;
  GenerationAttributes: CardGenerationAttributes;
  ValidationDataLength?: IntegerRangeBetween3And5Type;
}

export interface GenerateCardValidationDataOutput {
  KeyArn: KeyArn;
  KeyCheckValue: KeyCheckValue;
  ValidationData: ValidationDataType;
}

export interface GenerateMacEmvPinChangeInput {
  NewPinPekIdentifier: KeyArnOrKeyAliasType;
  NewEncryptedPinBlock: PinBlockLengthEquals16;
  PinBlockFormat: PinBlockFormatForEmvPinChange;
  SecureMessagingIntegrityKeyIdentifier: KeyArnOrKeyAliasType;
  SecureMessagingConfidentialityKeyIdentifier: KeyArnOrKeyAliasType;
  MessageData: CommandMessageDataType;
  DerivationMethodAttributes: DerivationMethodAttributes;
}

export interface GenerateMacEmvPinChangeOutput {
  NewPinPekArn: KeyArn;
  SecureMessagingIntegrityKeyArn: KeyArn;
  SecureMessagingConfidentialityKeyArn: KeyArn;
  Mac: PinChangeMacOutputType;
  EncryptedPinBlock: EncryptedPinBlockType;
  NewPinPekKeyCheckValue: KeyCheckValue;
  SecureMessagingIntegrityKeyCheckValue: KeyCheckValue;
  SecureMessagingConfidentialityKeyCheckValue: KeyCheckValue;
  VisaAmexDerivationOutputs?: VisaAmexDerivationOutputs;
}

export interface GenerateMacInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
  MessageData: MessageDataType;
  GenerationAttributes: MacAttributes;
  MacLength?: IntegerRangeBetween4And32;
}

export interface GenerateMacOutput {
  KeyArn: KeyArn;
  KeyCheckValue: KeyCheckValue;
  Mac: MacOutputType;
}

export interface GeneratePinDataInput {
  GenerationKeyIdentifier: KeyArnOrKeyAliasType;
  EncryptionKeyIdentifier: KeyArnOrKeyAliasType;
  GenerationAttributes: PinGenerationAttributes;
  PinDataLength?: IntegerRangeBetween4And12;
  PrimaryAccountNumber?: PrimaryAccountNumberType;
  PinBlockFormat: PinBlockFormatForPinData;
  EncryptionWrappedKey?: WrappedKey;
}

export interface GeneratePinDataOutput {
  GenerationKeyArn: KeyArn;
  GenerationKeyCheckValue: KeyCheckValue;
  EncryptionKeyArn: KeyArn;
  EncryptionKeyCheckValue: KeyCheckValue;
  EncryptedPinBlock: EncryptedPinBlockType;
  PinData: PinData;
}

export type HexEvenLengthBetween16And32 = string;

export type HexLength16Or20Or24 = string;

export type HexLengthBetween2And4 = string;

export type HexLengthBetween2And8 = string;

export type HexLengthEquals1 = string;

export type HexLengthEquals4 = string;

export type HexLengthEquals8 = string;

export interface Ibm3624NaturalPin {
  DecimalizationTable: DecimalizationTableType;
  PinValidationDataPadCharacter: HexLengthEquals1;
  PinValidationData: PinValidationDataType;
}

export interface Ibm3624PinFromOffset {
  DecimalizationTable: DecimalizationTableType;
  PinValidationDataPadCharacter: HexLengthEquals1;
  PinValidationData: PinValidationDataType;
  PinOffset: PinOffsetType;
}

export interface Ibm3624PinOffset {
  EncryptedPinBlock: EncryptedPinBlockType;
  DecimalizationTable: DecimalizationTableType;
  PinValidationDataPadCharacter: HexLengthEquals1;
  PinValidationData: PinValidationDataType;
}

export interface Ibm3624PinVerification {
  DecimalizationTable: DecimalizationTableType;
  PinValidationDataPadCharacter: HexLengthEquals1;
  PinValidationData: PinValidationDataType;
  PinOffset: PinOffsetType;
}

export interface Ibm3624RandomPin {
  DecimalizationTable: DecimalizationTableType;
  PinValidationDataPadCharacter: HexLengthEquals1;
  PinValidationData: PinValidationDataType;
}

export interface IncomingDiffieHellmanTr31KeyBlock {
  PrivateKeyIdentifier: KeyArnOrKeyAliasType;
  CertificateAuthorityPublicKeyIdentifier: KeyArnOrKeyAliasType;
  PublicKeyCertificate: CertificateType;
  DeriveKeyAlgorithm: SymmetricKeyAlgorithm;
  KeyDerivationFunction: KeyDerivationFunction;
  KeyDerivationHashAlgorithm: KeyDerivationHashAlgorithm;
  DerivationData: DiffieHellmanDerivationData;
  WrappedKeyBlock: Tr31WrappedKeyBlock;
}

export interface IncomingKeyMaterial {
  DiffieHellmanTr31KeyBlock?: IncomingDiffieHellmanTr31KeyBlock;
}

export type InitializationVectorType = string;

export type IntegerRangeBetween0And6 = number;

export type IntegerRangeBetween3And5Type = number;

export type IntegerRangeBetween4And12 = number;

export type IntegerRangeBetween4And32 = number;

export interface InternalServerException {
  Message?: string;
}

export interface KekValidationRequest {
  DeriveKeyAlgorithm: SymmetricKeyAlgorithm;
  RandomKeyMaxLength?: RandomKeyMaxLength;
}

export interface KekValidationResponse {
  RandomKeySend: As2805RandomKeyMaterial;
}

export type KeyArn = string;

export type KeyArnOrKeyAliasType = string;

export type KeyCheckValue = string;

export type KeyCheckValueAlgorithm = 'CMAC' | 'ANSI_X9_24' | 'HMAC' | 'SHA_1';

export type KeyDerivationFunction = 'NIST_SP800' | 'ANSI_X963';

export type KeyDerivationHashAlgorithm = 'SHA_256' | 'SHA_384' | 'SHA_512';

export type KeyMaterial = string;

export type MacAlgorithm = 'ISO9797_ALGORITHM1' | 'ISO9797_ALGORITHM3' | 'CMAC' | 'HMAC' | 'HMAC_SHA224' | 'HMAC_SHA256' | 'HMAC_SHA384' | 'HMAC_SHA512' | 'AS2805_4_1';

export interface MacAlgorithmDukpt {
  KeySerialNumber: HexLength16Or20Or24;
  DukptKeyVariant: DukptKeyVariant;
  DukptDerivationType?: DukptDerivationType;
}

export interface MacAlgorithmEmv {
  MajorKeyDerivationMode: MajorKeyDerivationMode;
  PrimaryAccountNumber: PrimaryAccountNumberType;
  PanSequenceNumber: NumberLengthEquals2;
  SessionKeyDerivationMode: SessionKeyDerivationMode;
  SessionKeyDerivationValue: SessionKeyDerivationValue;
}

export interface MacAttributes {
  Algorithm?: MacAlgorithm;
  EmvMac?: MacAlgorithmEmv;
  DukptIso9797Algorithm1?: MacAlgorithmDukpt;
  DukptIso9797Algorithm3?: MacAlgorithmDukpt;
  DukptCmac?: MacAlgorithmDukpt;
}

export type MacOutputType = string;

export type MacType = string;

export type MajorKeyDerivationMode = 'EMV_OPTION_A' | 'EMV_OPTION_B';

export interface MasterCardAttributes {
  MajorKeyDerivationMode: MajorKeyDerivationMode;
  PrimaryAccountNumber: PrimaryAccountNumberType;
  PanSequenceNumber: NumberLengthEquals2;
  ApplicationCryptogram: ApplicationCryptogramType;
}

export type MessageDataType = string;

export type NumberLengthEquals2 = string;

export interface OutgoingKeyMaterial {
  Tr31KeyBlock?: OutgoingTr31KeyBlock;
}

export interface OutgoingTr31KeyBlock {
  WrappingKeyIdentifier: KeyArnOrKeyAliasType;
}

export type PaddingType = 'PKCS1' | 'OAEP_SHA1' | 'OAEP_SHA256' | 'OAEP_SHA512';

export type PinBlockFormatForEmvPinChange = 'ISO_FORMAT_0' | 'ISO_FORMAT_1' | 'ISO_FORMAT_3';

export type PinBlockFormatForPinData = 'ISO_FORMAT_0' | 'ISO_FORMAT_1' | 'ISO_FORMAT_3' | 'ISO_FORMAT_4';

export type PinBlockLengthEquals16 = string;

export type PinBlockLengthPosition = 'NONE' | 'FRONT_OF_PIN_BLOCK';

export type PinBlockPaddingType = 'NO_PADDING' | 'ISO_IEC_7816_4';

export type PinChangeMacOutputType = string;

export interface PinData {
  PinOffset?: PinOffsetType;
  VerificationValue?: VerificationValueType;
}

export interface PinGenerationAttributes {
  VisaPin?: VisaPin;
  VisaPinVerificationValue?: VisaPinVerificationValue;
  Ibm3624PinOffset?: Ibm3624PinOffset;
  Ibm3624NaturalPin?: Ibm3624NaturalPin;
  Ibm3624RandomPin?: Ibm3624RandomPin;
  Ibm3624PinFromOffset?: Ibm3624PinFromOffset;
}

export type PinOffsetType = string;

export type PinValidationDataType = string;

export interface PinVerificationAttributes {
  VisaPin?: VisaPinVerification;
  Ibm3624Pin?: Ibm3624PinVerification;
}

export type PlainTextOutputType = string;

export type PlainTextType = string;

export type PrimaryAccountNumberType = string;

export type ProprietaryAuthenticationDataType = string;

export type RandomKeyMaxLength = 'BYTES_8' | 'BYTES_16' | 'BYTES_24';

export type RandomKeySendVariantMask = 'VARIANT_MASK_82C0' | 'VARIANT_MASK_82';

export interface ReEncryptDataInput {
  IncomingKeyIdentifier: KeyArnOrKeyAliasType;
  OutgoingKeyIdentifier: KeyArnOrKeyAliasType;
  CipherText: CipherTextType;
  IncomingEncryptionAttributes: ReEncryptionAttributes;
  OutgoingEncryptionAttributes: ReEncryptionAttributes;
  IncomingWrappedKey?: WrappedKey;
  OutgoingWrappedKey?: WrappedKey;
}

export interface ReEncryptDataOutput {
  KeyArn: KeyArn;
  KeyCheckValue: KeyCheckValue;
  CipherText: CipherTextType;
}

export interface ReEncryptionAttributes {
  Symmetric?: SymmetricEncryptionAttributes;
  Dukpt?: DukptEncryptionAttributes;
}

export interface ResourceNotFoundException {
  ResourceId?: string;
}

export type ServiceCodeType = string;

export type SessionDerivationDataType = string;

export interface SessionKeyAmex {
  PrimaryAccountNumber: PrimaryAccountNumberType;
  PanSequenceNumber: NumberLengthEquals2;
}

export interface SessionKeyDerivation {
  EmvCommon?: SessionKeyEmvCommon;
  Mastercard?: SessionKeyMastercard;
  Emv2000?: SessionKeyEmv2000;
  Amex?: SessionKeyAmex;
  Visa?: SessionKeyVisa;
  UnionPay?: SessionKeyUnionPay;
}

export type SessionKeyDerivationMode = 'EMV_COMMON_SESSION_KEY' | 'EMV2000' | 'AMEX' | 'MASTERCARD_SESSION_KEY' | 'VISA' | 'UNION_PAY';

export interface SessionKeyDerivationValue {
  ApplicationCryptogram?: ApplicationCryptogramType;
  ApplicationTransactionCounter?: HexLengthEquals4;
}

export interface SessionKeyEmv2000 {
  PrimaryAccountNumber: PrimaryAccountNumberType;
  PanSequenceNumber: NumberLengthEquals2;
  ApplicationTransactionCounter: HexLengthEquals4;
}

export interface SessionKeyEmvCommon {
  PrimaryAccountNumber: PrimaryAccountNumberType;
  PanSequenceNumber: NumberLengthEquals2;
  ApplicationTransactionCounter: HexLengthEquals4;
}

export interface SessionKeyMastercard {
  PrimaryAccountNumber: PrimaryAccountNumberType;
  PanSequenceNumber: NumberLengthEquals2;
  ApplicationTransactionCounter: HexLengthEquals4;
  UnpredictableNumber: HexLengthEquals8;
}

export interface SessionKeyUnionPay {
  PrimaryAccountNumber: PrimaryAccountNumberType;
  PanSequenceNumber: NumberLengthEquals2;
  ApplicationTransactionCounter: HexLengthEquals4;
}

export interface SessionKeyVisa {
  PrimaryAccountNumber: PrimaryAccountNumberType;
  PanSequenceNumber: NumberLengthEquals2;
}

export type SharedInformation = string;

export interface SymmetricEncryptionAttributes {
  Mode: EncryptionMode;
  InitializationVector?: InitializationVectorType;
  PaddingType?: PaddingType;
}

export type SymmetricKeyAlgorithm = 'TDES_2KEY' | 'TDES_3KEY' | 'AES_128' | 'AES_192' | 'AES_256' | 'HMAC_SHA256' | 'HMAC_SHA384' | 'HMAC_SHA512' | 'HMAC_SHA224';

export type SystemTraceAuditNumberType = string;

export interface ThrottlingException {
  Message?: string;
}

export type Tr31WrappedKeyBlock = string;

export type TrackDataType = string;

export type TransactionAmountType = string;

export type TransactionDataType = string;

export interface TranslateKeyMaterialInput {
  IncomingKeyMaterial: IncomingKeyMaterial;
  OutgoingKeyMaterial: OutgoingKeyMaterial;
  KeyCheckValueAlgorithm?: KeyCheckValueAlgorithm;
}

export interface TranslateKeyMaterialOutput {
  WrappedKey: WrappedWorkingKey;
}

export interface TranslatePinDataInput {
  IncomingKeyIdentifier: KeyArnOrKeyAliasType;
  OutgoingKeyIdentifier: KeyArnOrKeyAliasType;
  IncomingTranslationAttributes: TranslationIsoFormats;
  OutgoingTranslationAttributes: TranslationIsoFormats;
  EncryptedPinBlock: HexEvenLengthBetween16And32;
  IncomingDukptAttributes?: DukptDerivationAttributes;
  OutgoingDukptAttributes?: DukptDerivationAttributes;
  IncomingWrappedKey?: WrappedKey;
  OutgoingWrappedKey?: WrappedKey;
  IncomingAs2805Attributes?: As2805PekDerivationAttributes;
}

export interface TranslatePinDataOutput {
  PinBlock: EncryptedPinBlockType;
  KeyArn: KeyArn;
  KeyCheckValue: KeyCheckValue;
}

export interface TranslationIsoFormats {
  IsoFormat0?: TranslationPinDataIsoFormat034;
  IsoFormat1?: TranslationPinDataIsoFormat1;
  IsoFormat3?: TranslationPinDataIsoFormat034;
  IsoFormat4?: TranslationPinDataIsoFormat034;
  As2805Format0?: TranslationPinDataAs2805Format0;
}

export interface TranslationPinDataAs2805Format0 {
  PrimaryAccountNumber: PrimaryAccountNumberType;
}

export interface TranslationPinDataIsoFormat034 {
  PrimaryAccountNumber: PrimaryAccountNumberType;
}

export interface TranslationPinDataIsoFormat1 {

}

export type ValidationDataType = string;

export interface ValidationException {
  message: string;
  fieldList?: ValidationExceptionFieldList;
}

export interface ValidationExceptionField {
  path: string;
  message: string;
}

export type ValidationExceptionFieldList = ValidationExceptionField[];

export interface VerificationFailedException {
  Reason: VerificationFailedReason;
  Message: string;
}

export type VerificationFailedReason = 'INVALID_MAC' | 'INVALID_PIN' | 'INVALID_VALIDATION_DATA' | 'INVALID_AUTH_REQUEST_CRYPTOGRAM';

export type VerificationValueType = string;

export interface VerifyAuthRequestCryptogramInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
  TransactionData: TransactionDataType;
  AuthRequestCryptogram: AuthRequestCryptogramType;
  MajorKeyDerivationMode: MajorKeyDerivationMode;
  SessionKeyDerivationAttributes: SessionKeyDerivation;
  AuthResponseAttributes?: CryptogramAuthResponse;
}

export interface VerifyAuthRequestCryptogramOutput {
  KeyArn: KeyArn;
  KeyCheckValue: KeyCheckValue;
  AuthResponseValue?: AuthResponseValueType;
}

export interface VerifyCardValidationDataInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
  PrimaryAccountNumber: PrimaryAccountNumberType;
  VerificationAttributes: CardVerificationAttributes;
  ValidationData: ValidationDataType;
}

export interface VerifyCardValidationDataOutput {
  KeyArn: KeyArn;
  KeyCheckValue: KeyCheckValue;
}

export interface VerifyMacInput {
  KeyIdentifier: KeyArnOrKeyAliasType;
  MessageData: MessageDataType;
  Mac: MacType;
  VerificationAttributes: MacAttributes;
  MacLength?: IntegerRangeBetween4And32;
}

export interface VerifyMacOutput {
  KeyArn: KeyArn;
  KeyCheckValue: KeyCheckValue;
}

export interface VerifyPinDataInput {
  VerificationKeyIdentifier: KeyArnOrKeyAliasType;
  EncryptionKeyIdentifier: KeyArnOrKeyAliasType;
  VerificationAttributes: PinVerificationAttributes;
  EncryptedPinBlock: EncryptedPinBlockType;
  PrimaryAccountNumber?: PrimaryAccountNumberType;
  PinBlockFormat: PinBlockFormatForPinData;
  PinDataLength?: IntegerRangeBetween4And12;
  DukptAttributes?: DukptAttributes;
  EncryptionWrappedKey?: WrappedKey;
}

export interface VerifyPinDataOutput {
  VerificationKeyArn: KeyArn;
  VerificationKeyCheckValue: KeyCheckValue;
  EncryptionKeyArn: KeyArn;
  EncryptionKeyCheckValue: KeyCheckValue;
}

export interface VisaAmexDerivationOutputs {
  AuthorizationRequestKeyArn: KeyArn;
  AuthorizationRequestKeyCheckValue: KeyCheckValue;
  CurrentPinPekArn?: KeyArn;
  CurrentPinPekKeyCheckValue?: KeyCheckValue;
}

export interface VisaAttributes {
  MajorKeyDerivationMode: MajorKeyDerivationMode;
  PrimaryAccountNumber: PrimaryAccountNumberType;
  PanSequenceNumber: NumberLengthEquals2;
  ApplicationTransactionCounter: HexLengthEquals4;
  AuthorizationRequestKeyIdentifier: KeyArnOrKeyAliasType;
  CurrentPinAttributes?: CurrentPinAttributes;
}

export interface VisaPin {
  PinVerificationKeyIndex: IntegerRangeBetween0And6;
}

export interface VisaPinVerification {
  PinVerificationKeyIndex: IntegerRangeBetween0And6;
  VerificationValue: VerificationValueType;
}

export interface VisaPinVerificationValue {
  EncryptedPinBlock: EncryptedPinBlockType;
  PinVerificationKeyIndex: IntegerRangeBetween0And6;
}

export interface WrappedKey {
  WrappedKeyMaterial: WrappedKeyMaterial;
  KeyCheckValueAlgorithm?: KeyCheckValueAlgorithm;
}

export interface WrappedKeyMaterial {
  Tr31KeyBlock?: Tr31WrappedKeyBlock;
  DiffieHellmanSymmetricKey?: EcdhDerivationAttributes;
}

export type WrappedKeyMaterialFormat = 'KEY_CRYPTOGRAM' | 'TR31_KEY_BLOCK' | 'TR34_KEY_BLOCK';

export interface WrappedWorkingKey {
  WrappedKeyMaterial: KeyMaterial;
  KeyCheckValue: KeyCheckValue;
  WrappedKeyMaterialFormat: WrappedKeyMaterialFormat;
}

export interface DataPlane {
  DecryptData: { input: DecryptDataInput; output: DecryptDataOutput };
  EncryptData: { input: EncryptDataInput; output: EncryptDataOutput };
  GenerateAs2805KekValidation: { input: GenerateAs2805KekValidationInput; output: GenerateAs2805KekValidationOutput };
  GenerateAuthRequestCryptogram: { input: GenerateAuthRequestCryptogramInput; output: GenerateAuthRequestCryptogramOutput };
  GenerateCardValidationData: { input: GenerateCardValidationDataInput; output: GenerateCardValidationDataOutput };
  GenerateMac: { input: GenerateMacInput; output: GenerateMacOutput };
  GenerateMacEmvPinChange: { input: GenerateMacEmvPinChangeInput; output: GenerateMacEmvPinChangeOutput };
  GeneratePinData: { input: GeneratePinDataInput; output: GeneratePinDataOutput };
  ReEncryptData: { input: ReEncryptDataInput; output: ReEncryptDataOutput };
  TranslateKeyMaterial: { input: TranslateKeyMaterialInput; output: TranslateKeyMaterialOutput };
  TranslatePinData: { input: TranslatePinDataInput; output: TranslatePinDataOutput };
  VerifyAuthRequestCryptogram: { input: VerifyAuthRequestCryptogramInput; output: VerifyAuthRequestCryptogramOutput };
  VerifyCardValidationData: { input: VerifyCardValidationDataInput; output: VerifyCardValidationDataOutput };
  VerifyMac: { input: VerifyMacInput; output: VerifyMacOutput };
  VerifyPinData: { input: VerifyPinDataInput; output: VerifyPinDataOutput };
}

