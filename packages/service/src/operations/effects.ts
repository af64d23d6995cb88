import type { OperationName } from '../api/operations.ts';

/** Does an operation change what is stored, or let a key leave; or does it only read and compute? */
export type Effect = 'changes' | 'reads';

/**
 * Every operation, so that a new one is thought about. What changes something is done only when the audit can be written.
 * GetParametersForImport, GetParametersForExport and GetPublicKeyCertificate make key pairs and certificates; with ExportKey a key
 * leaves, and nobody can call it back.
 */
const EFFECTS: Readonly<Record<OperationName, Effect>> = {
  AddKeyReplicationRegions: 'changes',
  AssociateMpaTeam: 'changes',
  CreateAlias: 'changes',
  CreateKey: 'changes',
  DeleteAlias: 'changes',
  DeleteKey: 'changes',
  DeleteResourcePolicy: 'changes',
  DisableDefaultKeyReplicationRegions: 'changes',
  DisassociateMpaTeam: 'changes',
  EnableDefaultKeyReplicationRegions: 'changes',
  ExportKey: 'changes',
  GetAlias: 'reads',
  GetCertificateSigningRequest: 'reads',
  GetDefaultKeyReplicationRegions: 'reads',
  GetKey: 'reads',
  GetMpaTeamAssociation: 'reads',
  GetParametersForExport: 'changes',
  GetParametersForImport: 'changes',
  GetPublicKeyCertificate: 'changes',
  GetResourcePolicy: 'reads',
  ImportKey: 'changes',
  ListAliases: 'reads',
  ListKeys: 'reads',
  ListTagsForResource: 'reads',
  PutResourcePolicy: 'changes',
  RemoveKeyReplicationRegions: 'changes',
  RestoreKey: 'changes',
  StartKeyUsage: 'changes',
  StopKeyUsage: 'changes',
  TagResource: 'changes',
  UntagResource: 'changes',
  UpdateAlias: 'changes',
  DecryptData: 'reads',
  EncryptData: 'reads',
  GenerateAs2805KekValidation: 'reads',
  GenerateAuthRequestCryptogram: 'reads',
  GenerateCardValidationData: 'reads',
  GenerateMac: 'reads',
  GenerateMacEmvPinChange: 'reads',
  GeneratePinData: 'reads',
  ReEncryptData: 'reads',
  TranslateKeyMaterial: 'reads',
  TranslatePinData: 'reads',
  VerifyAuthRequestCryptogram: 'reads',
  VerifyCardValidationData: 'reads',
  VerifyMac: 'reads',
  VerifyPinData: 'reads',
};

export function isReadOnly(operation: OperationName): boolean {
  return EFFECTS[operation] === 'reads';
}
