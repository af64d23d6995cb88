import { AwsException, type ExceptionCode, invalid } from '../api/exceptions.ts';
import type { Plane } from '../api/model.ts';
import { AuditUnavailableError } from '../audit/audit-log.ts';
import { MainKeyError, SealError, SealedError } from '../custody/main-key.ts';
import {
  DuplicateRecordError,
  StaleRecordError,
  StoreUnavailableError,
  TamperedDatabaseError,
} from '../store/errors.ts';

/**
 * HTTP status of each exception, by plane. The control plane's API reference lists 400 for all that is the client's
 * doing and 500 for the rest, where its Smithy model has one for each; clients go by the code. On the data plane both agree.
 */
const STATUS: Record<ExceptionCode, Record<Plane, number>> = {
  AccessDeniedException: { control: 400, data: 403 },
  ConflictException: { control: 400, data: 409 },
  InternalServerException: { control: 500, data: 500 },
  PublicPolicyException: { control: 400, data: 400 },
  ResourceNotFoundException: { control: 400, data: 404 },
  ServiceQuotaExceededException: { control: 400, data: 402 },
  ServiceUnavailableException: { control: 500, data: 503 },
  ThrottlingException: { control: 400, data: 429 },
  ValidationException: { control: 400, data: 400 },
  VerificationFailedException: { control: 400, data: 400 },
  IncompleteSignatureException: { control: 400, data: 403 },
  InvalidSignatureException: { control: 400, data: 403 },
  MissingAuthenticationTokenException: { control: 400, data: 403 },
  UnrecognizedClientException: { control: 400, data: 403 },
  UnknownOperationException: { control: 400, data: 404 },
  SerializationException: { control: 400, data: 400 },
  RequestEntityTooLargeException: { control: 413, data: 413 },
  NotImplementedException: { control: 501, data: 501 },
  SignInFailedException: { control: 400, data: 401 },
  SessionExpiredException: { control: 400, data: 401 },
  TooManyAttemptsException: { control: 400, data: 429 },
  ApprovalRequiredException: { control: 400, data: 403 },
};

/** Every code that a client may see. */
export const EXCEPTION_CODES = Object.keys(STATUS) as readonly ExceptionCode[];

/** What goes back to the client when a request fails. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export const CONTENT_TYPES: Record<Plane, string> = {
  control: 'application/x-amz-json-1.0',
  data: 'application/json',
};

export function bodyTooLarge(): AwsException {
  return new AwsException('RequestEntityTooLargeException', 'The body is longer than this service takes.');
}

/** What the HTTP server throws before a request is ours: a body too large, cut short, or not as a route's schema has it. */
function fromServer(error: unknown): AwsException | undefined {
  // The messages of schemas name members and rules, no values.
  if (error instanceof Error && 'validation' in error) return invalid(`${error.message}.`);
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (status === 413) return bodyTooLarge();
  return typeof status === 'number' && status < 500
    ? new AwsException('SerializationException', 'The request is not well-formed HTTP.')
    : undefined;
}

/** Every error as the client may see it. One that is not foreseen says its request id and nothing else. */
export function toException(error: unknown, requestId: string): AwsException {
  if (error instanceof AwsException) return error;
  if (error instanceof StaleRecordError) {
    return new AwsException('ConflictException', 'Another request changed the resource first; try again.');
  }
  if (error instanceof DuplicateRecordError) {
    return new AwsException('ConflictException', 'The resource exists already.');
  }
  if (error instanceof StoreUnavailableError) {
    const reason = 'The store cannot answer now; nothing was changed. Try again.';
    return new AwsException('ServiceUnavailableException', `${reason} Request id ${requestId}.`);
  }
  if (error instanceof AuditUnavailableError) {
    const reason = error.done
      ? 'It was done, but the audit cannot record it now, so that there is no answer. Look at what there is before you try again.'
      : 'The audit cannot be written now; nothing was changed. Try again.';
    return new AwsException('ServiceUnavailableException', `${reason} Request id ${requestId}.`);
  }
  if (error instanceof SealedError) {
    const reason = 'The service is sealed: its custodians have to unseal it first (keywright unseal).';
    return new AwsException('ServiceUnavailableException', reason);
  }
  if (error instanceof MainKeyError && error.code === 'TOKEN') {
    const reason = 'The token that holds the main key cannot be used now';
    return new AwsException(
      'ServiceUnavailableException',
      `${reason}: ${error.message}. Request id ${requestId}.`,
    );
  }
  if (error instanceof MainKeyError) return new AwsException('ValidationException', error.message);
  if (error instanceof TamperedDatabaseError) {
    const reason =
      'Somebody changed the database behind this service; nothing is done with what was changed.';
    return new AwsException('InternalServerException', `${reason} Request id ${requestId}.`);
  }
  if (error instanceof SealError) {
    const reason = 'The key material does not open: its record was changed, or the main key is another.';
    return new AwsException('InternalServerException', `${reason} Request id ${requestId}.`);
  }
  const internal = () =>
    new AwsException('InternalServerException', `Internal error. Request id ${requestId}.`);
  return fromServer(error) ?? internal();
}

/** Neither the path nor the X-Amz-Target header names an operation of the models. */
export function unknownOperation(): AwsException {
  return new AwsException(
    'UnknownOperationException',
    'There is no such operation: neither the X-Amz-Target header nor the path names one.',
  );
}

/** Is it the service's fault, and to be looked into? */
export function isFault({ code }: AwsException): boolean {
  return code === 'InternalServerException' || code === 'ServiceUnavailableException';
}

/**
 * The answer for an exception: its code in the body (awsJson1_0) or a header (restJson1). ResourceNotFoundException has
 * no message in the models; it gets one here, which clients that don't know it leave aside.
 */
export function errorAnswer({ code, message, members }: AwsException, plane: Plane): ErrorAnswer {
  const control = plane === 'control';
  const text = code === 'ValidationException' && !control ? { message } : { Message: message };
  return {
    status: STATUS[code][plane],
    headers: control ? {} : { 'x-amzn-errortype': code },
    body: { ...(control && { __type: code }), ...text, ...members },
  };
}

/** The answer of the service's own interface: one shape for every error. The header is as AWS's, for clients that sign. */
export function ownErrorAnswer({ code, message, members }: AwsException, requestId: string): ErrorAnswer {
  return {
    status: STATUS[code].data,
    headers: { 'x-amzn-errortype': code },
    body: { code, message, requestId, ...members },
  };
}
