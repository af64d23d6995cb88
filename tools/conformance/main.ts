// Drives a fresh service with the AWS SDK for JavaScript 2, software that nobody here wrote: `npm run conformance`. Each answer is held against what is
// published of it. Exit status 1 when one differs.
import { makeHotCalls } from '../bench/hot-calls.ts';
import { ANY_CORE } from '../bench/pinned.ts';
import { type BenchService, startService } from '../bench/servers.ts';
import type { Call } from '../bench/service-client.ts';
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

/** Calls an operation through the SDK, and looks at the members of its answer that are known. */
async function tryCall(
  client: SdkClient,
  call: Call,
  expected: Readonly<Record<string, unknown>>,
): Promise<void> {
  const method = methodOf(client, call.operation);
  if (method === undefined) return console.log(`-     ${call.operation.padEnd(32)} not in this SDK`);
  try {
    const answer = await method(call.input as object).promise();
    const different = Object.entries(expected).find(
      ([name, value]) => JSON.stringify(answer[name]) !== JSON.stringify(value),
    );
    const published = Object.entries(expected).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    print(
      call.operation,
      different ? `${different[0]} is ${JSON.stringify(answer[different[0]])}` : published.join(', '),
      !different,
    );
  } catch (error) {
    print(call.operation, String(error), false);
  }
}

async function tryData(client: SdkClient, service: BenchService): Promise<void> {
  for (const call of await makePublishedCalls(service)) await tryCall(client, call, call.expected);
  const [translatePin] = await makeHotCalls(service);
  await tryCall(client, translatePin!, {});
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
await tryControl(new sdk.PaymentCryptography(options));
await tryRefusals(new sdk.PaymentCryptography(options));
await tryData(new sdk.PaymentCryptographyData(options), service);
console.log(wrong === 0 ? 'every answer is as published or as asked for' : `${wrong} answers are wrong`);
process.exitCode = wrong === 0 ? 0 : 1;
