/**
 * The codes of both planes' exceptions (the union of the two models), then the ones that AWS's front door gives,
 * NotImplementedException for operations of the models that are still to come, and those of the service's own interface.
 */
export type ExceptionCode =
  | 'AccessDeniedException'
  | 'ConflictException'
  | 'InternalServerException'
  | 'PublicPolicyException'
  | 'ResourceNotFoundException'
  | 'ServiceQuotaExceededException'
  | 'ServiceUnavailableException'
  | 'ThrottlingException'
  | 'ValidationException'
  | 'VerificationFailedException'
  | 'IncompleteSignatureException'
  | 'InvalidSignatureException'
  | 'MissingAuthenticationTokenException'
  | 'UnrecognizedClientException'
  | 'UnknownOperationException'
  | 'SerializationException'
  | 'RequestEntityTooLargeException'
  | 'NotImplementedException'
  | 'SignInFailedException'
  | 'SessionExpiredException'
  | 'TooManyAttemptsException'
  | 'ApprovalRequiredException';

/** One field that failed validation; the data plane's ValidationException lists them. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** An answer to the client other than success. Nothing else of an error reaches the wire. */
export class AwsException extends Error {
  readonly code: ExceptionCode;
  /** Members of the exception's shape besides its message: ResourceId, Reason, fieldList. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: ExceptionCode, message: string, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.members = members;
  }
}

/** The request breaks a rule; the message says which field, what was wrong and what would be right. */
export function invalid(message: string, fields: readonly FieldError[] = []): AwsException {
  return new AwsException('ValidationException', message, fields.length > 0 ? { fieldList: fields } : {});
}

/** There is no such key, alias or token. `resourceId` is what the caller asked for. */
export function notFound(resourceId: string): AwsException {
  return new AwsException('ResourceNotFoundException', `${resourceId} was not found.`, {
    ResourceId: resourceId,
  });
}

/** The resource is in a state that does not allow the request. */
export function conflict(message: string): AwsException {
  return new AwsException('ConflictException', message);
}
