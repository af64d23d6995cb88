import { userArn } from '../access/access-keys.ts';
import { AwsException } from '../api/exceptions.ts';
import type { Call } from '../audit/call.ts';
import { SealedError } from '../custody/main-key.ts';
import type { SampleService } from '../samples/sample-service.ts';
import type { DispatchedRequest, Service } from './dispatch.ts';
import { type Headers, jsonProtocol, queryProtocol, type SampleProtocol } from './sample-protocol.ts';

/** One of the services that AWS's samples use besides Payment Cryptography, and how it is spoken with. */
export interface SampleRoute {
  readonly service: SampleService;
  readonly protocol: SampleProtocol;
}

function protocolOf({ protocol }: SampleService): SampleProtocol {
  return protocol === 'query' ? queryProtocol : jsonProtocol(protocol.targetPrefix);
}

/** Finds the service by the headers; undefined when there is none, or when they are not switched on. */
export function findSampleRoute({ samples = [] }: Service, headers: Headers): SampleRoute | undefined {
  const found = samples.find((service) => protocolOf(service).accepts(headers));
  return found && { service: found, protocol: protocolOf(found) };
}

/** Carries out a request to such a service: signature, role, operation, in this order. @returns the body of the answer */
export async function dispatchSample(
  { context: { account, now, vault }, verifySignature }: Service,
  { service, protocol }: SampleRoute,
  request: DispatchedRequest,
  call: Call,
  requestId: string,
): Promise<string> {
  if (vault.isSealed) throw new SealedError();
  const { accessKeyId, user, role, region } = await verifySignature(request, now(), service.signingName);
  const caller = userArn(account, user);
  call.identify({ accessKeyId, user, arn: caller, region });
  if (!service.to.includes(role)) {
    const message = `User: ${caller} is not authorized to perform: ${service.signingName}`;
    throw new AwsException('AccessDeniedException', message);
  }
  const { operation: name, input } = protocol.read(request);
  const operation = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
  if (operation === undefined) throw notHere(service);
  const output = await operation(input, { account, region, user, caller, now: now() });
  await call.succeed();
  return protocol.write(name, output, requestId);
}

function notHere({ signingName, operations }: SampleService): AwsException {
  const names = Object.keys(operations).join(', ');
  const message = `The operations of ${signingName} that are here, for AWS's samples, are: ${names}.`;
  return new AwsException('UnknownOperationException', message);
}
