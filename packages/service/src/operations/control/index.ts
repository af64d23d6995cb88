import type { ControlPlane } from '../../api/control-plane.generated.ts';
import type { Operation } from '../operation.ts';
import { addKeyReplicationRegions } from './add-key-replication-regions.ts';
import { associateMpaTeam } from './associate-mpa-team.ts';
import { createAlias } from './create-alias.ts';
import { createKey } from './create-key.ts';
import { deleteAlias } from './delete-alias.ts';
import { deleteKey } from './delete-key.ts';
import { deleteResourcePolicy } from './delete-resource-policy.ts';
import { disableDefaultKeyReplicationRegions } from './disable-default-key-replication-regions.ts';
import { disassociateMpaTeam } from './disassociate-mpa-team.ts';
import { enableDefaultKeyReplicationRegions } from './enable-default-key-replication-regions.ts';
import { exportKey } from './export-key.ts';
import { getAlias } from './get-alias.ts';
import { getCertificateSigningRequest } from './get-certificate-signing-request.ts';
import { getDefaultKeyReplicationRegions } from './get-default-key-replication-regions.ts';
import { getKey } from './get-key.ts';
import { getMpaTeamAssociation } from './get-mpa-team-association.ts';
import { getParametersForExport } from './get-parameters-for-export.ts';
import { getParametersForImport } from './get-parameters-for-import.ts';
import { getPublicKeyCertificate } from './get-public-key-certificate.ts';
import { getResourcePolicy } from './get-resource-policy.ts';
import { importKey } from './import-key.ts';
import { listAliases } from './list-aliases.ts';
import { listKeys } from './list-keys.ts';
import { listTagsForResource } from './list-tags-for-resource.ts';
import { putResourcePolicy } from './put-resource-policy.ts';
import { removeKeyReplicationRegions } from './remove-key-replication-regions.ts';
import { restoreKey } from './restore-key.ts';
import { startKeyUsage } from './start-key-usage.ts';
import { stopKeyUsage } from './stop-key-usage.ts';
import { tagResource } from './tag-resource.ts';
import { untagResource } from './untag-resource.ts';
import { updateAlias } from './update-alias.ts';

/** The operations of the control plane that this service answers. */
export const controlOperations: Partial<{ [Name in keyof ControlPlane]: Operation<Name> }> = {
  AddKeyReplicationRegions: addKeyReplicationRegions,
  AssociateMpaTeam: associateMpaTeam,
  CreateAlias: createAlias,
  CreateKey: createKey,
  DeleteAlias: deleteAlias,
  DeleteKey: deleteKey,
  DeleteResourcePolicy: deleteResourcePolicy,
  DisableDefaultKeyReplicationRegions: disableDefaultKeyReplicationRegions,
  DisassociateMpaTeam: disassociateMpaTeam,
  EnableDefaultKeyReplicationRegions: enableDefaultKeyReplicationRegions,
  ExportKey: exportKey,
  GetAlias: getAlias,
  GetCertificateSigningRequest: getCertificateSigningRequest,
  GetDefaultKeyReplicationRegions: getDefaultKeyReplicationRegions,
  GetKey: getKey,
  GetMpaTeamAssociation: getMpaTeamAssociation,
  GetParametersForExport: getParametersForExport,
  GetParametersForImport: getParametersForImport,
  GetPublicKeyCertificate: getPublicKeyCertificate,
  GetResourcePolicy: getResourcePolicy,
  ImportKey: importKey,
  ListAliases: listAliases,
  ListKeys: listKeys,
  ListTagsForResource: listTagsForResource,
  PutResourcePolicy: putResourcePolicy,
  RemoveKeyReplicationRegions: removeKeyReplicationRegions,
  RestoreKey: restoreKey,
  StartKeyUsage: startKeyUsage,
  StopKeyUsage: stopKeyUsage,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateAlias: updateAlias,
};
