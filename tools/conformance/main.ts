// Drives a fresh service with the AWS SDK for JavaScript 2, software that nobody here wrote: `npm run conformance`. Each answer is held against what is
// published of it. Exit status 1 when one differs.
import { ANY_CORE } from '../bench/pinned.ts';
import { type BenchService, startService } from '../bench/servers.ts';
import { faultOf, type PublishedCall } from '../load/published/published-call.ts';
import { makePublishedCalls } from '../load/published-calls.ts';
import { loadAwsSdk, type SdkClient, type SdkOptions } from './aws-sdk.ts';
import { controlSteps, refusedSteps } from './control-steps.ts';

process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = '1';

let wrong = 0;

function print(name: string, result: string, right: boolean): void {
  if (!right) wrong += 1;
  console.log(`${right ? 'ok   ' : 'WRONG'} ${name.padEnd(32)} ${result}`);
}

function methodOf(client: SdkClient, operation: string): SdkClient[string] | undefined {
  return client[operation.charAt(0).toLowerCase() + operation.slice(1)]?.bind(client);
}

interface Clients {
  readonly control: SdkClient;
  readonly data: SdkClient;
}

/** Calls an operation through the SDK, and looks at what is known of its answer. */
async function tryCall({ control, data }: Clients, call: PublishedCall): Promise<void> {
  const method = methodOf(call.path === undefined ? control : data, call.operation);
  if (method === undefined) return console.log(`-     ${call.operation.padEnd(32)} not in this SDK`);
  try {
    const fault = faultOf(call, await method(call.input as object).promise());
    const published = Object.entries(call.expected).map(
      ([name, value]) => `${name} ${JSON.stringify(value)}`,
    );
    print(call.operation, fault ?? published.join(', '), fault === undefined);
  } catch (error) {
    print(call.operation, String(error), false);
  }
}

async function tryPublished(clients: Clients, service: BenchService): Promise<void> {
  const { repeatable, once } = await makePublishedCalls(service);
  for (const call of [...repeatable, ...once]) await tryCall(clients, call);
}

async function tryControl(client: SdkClient): Promise<void> {
  for (const { operation, input, check } of controlSteps()) {
    const method = methodOf(client, operation);
    if (method === undefined) {
      console.log(`-     ${operation.padEnd(32)} not in this SDK`);
      continue;
    }
    try {
      const fault = check(await method(input()).promise());
      print(operation, fault ?? '', fault === undefined);
    } catch (error) {
      print(operation, String(error), false);
    }
  }
}

async function tryRefusals(client: SdkClient): Promise<void> {
  for (const { operation, input, code } of refusedSteps()) {
    const method = methodOf(client, operation)!;
    const thrown = await method(input)
      .promise()
      .then(
        () => 'was not refused',
        (error: { code?: string }) => error.code,
      );
    print(`${operation}, refused`, String(thrown), thrown === code);
  }
}

const sdk = loadAwsSdk();
await using service = await startService({}, ANY_CORE);
const options: SdkOptions = {
  endpoint: service.url,
  region: 'us-east-2',
  credentials: service.credentials,
  maxRetries: 0,
};
console.log(`aws-sdk ${sdk.VERSION} against ${service.url}`);
const clients = {
  control: new sdk.PaymentCryptography(options),
  data: new sdk.PaymentCryptographyData(options),
};
await tryControl(clients.control);
await tryRefusals(clients.control);
await tryPublished(clients, service);
console.log(wrong === 0 ? 'every answer is as published or as asked for' : `${wrong} answers are wrong`);
process.exitCode = wrong === 0 ? 0 : 1;
