/** The access key of somebody who is not the administrator; its secret sealed. */
export interface AccessKeyRecord {
  readonly user: string;
  readonly accessKeyId: string;
  readonly createdAt: number;
  readonly sealed: Uint8Array;
}
