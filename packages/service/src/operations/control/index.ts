import type { ControlPlane } from '../../api/control-plane.generated.ts';
import type { Operation } from '../operation.ts';
import { createAlias } from './create-alias.ts';
import { createKey } from './create-key.ts';
import { deleteAlias } from './delete-alias.ts';
import { deleteKey } from './delete-key.ts';
import { exportKey } from './export-key.ts';
import { getAlias } from './get-alias.ts';
import { getKey } from './get-key.ts';
import { getParametersForImport } from './get-parameters-for-import.ts';
import { importKey } from './import-key.ts';
import { listAliases } from './list-aliases.ts';
import { listKeys } from './list-keys.ts';
import { listTagsForResource } from './list-tags-for-resource.ts';
import { restoreKey } from './restore-key.ts';
import { startKeyUsage } from './start-key-usage.ts';
import { stopKeyUsage } from './stop-key-usage.ts';
import { tagResource } from './tag-resource.ts';
import { untagResource } from './untag-resource.ts';
import { updateAlias } from './update-alias.ts';

/** The operations of the control plane that this service answers. */
export const controlOperations: Partial<{ [Name in keyof ControlPlane]: Operation<Name> }> = {
  CreateAlias: createAlias,
  CreateKey: createKey,
  DeleteAlias: deleteAlias,
  DeleteKey: deleteKey,
  ExportKey: exportKey,
  GetAlias: getAlias,
  GetKey: getKey,
  GetParametersForImport: getParametersForImport,
  ImportKey: importKey,
  ListAliases: listAliases,
  ListKeys: listKeys,
  ListTagsForResource: listTagsForResource,
  RestoreKey: restoreKey,
  StartKeyUsage: startKeyUsage,
  StopKeyUsage: stopKeyUsage,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateAlias: updateAlias,
};
