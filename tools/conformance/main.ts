// Drives a fresh service with the AWS SDK for JavaScript 2, software that nobody here wrote: `npm run conformance`. Each answer is held against what is
// published of it. Exit status 1 when one differs, or when an operation that the SDK has was not tried.
import { ANY_CORE } from '../bench/pinned.ts';
import { type BenchService, startService } from '../bench/servers.ts';
import { faultOf } from '../load/published/published-call.ts';
import { makePublishedCalls } from '../load/published-calls.ts';
import { type Answer, loadAwsSdk, operationsOf, type SdkClient, type SdkOptions } from './aws-sdk.ts';
import { controlSteps, refusedSteps } from './control-steps.ts';

process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = '1';

let wrong = 0;
const tried = new Set<string>();

function print(name: string, result: string, right: boolean): void {
  if (!right) wrong += 1;
  console.log(`${right ? 'ok   ' : 'WRONG'} ${name.padEnd(32)} ${result}`);
}

/**
 * Calls an operation through the SDK, and looks at what is known of its answer.
 *
 * @param judge says what is wrong with the answer
 * @param right what is printed when nothing is
 */
async function tryCall(
  client: SdkClient,
  operation: string,
  input: object,
  judge: (answer: Answer) => string | undefined,
  right = '',
): Promise<void> {
  const method = operationsOf(client).get(operation);
  if (method === undefined) return console.log(`-     ${operation.padEnd(32)} not in this SDK`);
  tried.add(operation);
  try {
    const fault = judge(await method(input).promise());
    print(operation, fault ?? right, fault === undefined);
  } catch (error) {
    print(operation, String(error), false);
  }
}

interface Clients {
  readonly control: SdkClient;
  readonly data: SdkClient;
}

async function tryPublished({ control, data }: Clients, service: BenchService): Promise<void> {
  const { repeatable, once } = await makePublishedCalls(service);
  for (const call of [...repeatable, ...once]) {
    const published = Object.entries(call.expected).map(
      ([name, value]) => `${name} ${JSON.stringify(value)}`,
    );
    const client = call.path === undefined ? control : data;
    await tryCall(
      client,
      call.operation,
      call.input as object,
      (answer) => faultOf(call, answer),
      published.join(', '),
    );
  }
}

async function tryControl(client: SdkClient): Promise<void> {
  for (const { operation, input, check } of controlSteps()) await tryCall(client, operation, input(), check);
}

async function tryRefusals(client: SdkClient): Promise<void> {
  for (const { operation, input, code } of refusedSteps()) {
    const thrown = await operationsOf(client).get(operation)!(input)
      .promise()
      .then(
        () => 'was not refused',
        (error: { code?: string }) => error.code,
      );
    print(`${operation}, refused`, String(thrown), thrown === code);
  }
}

function tellUntried(client: SdkClient): void {
  for (const operation of operationsOf(client).keys()) {
    if (!tried.has(operation)) print(operation, 'was not tried', false);
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
for (const client of Object.values(clients)) tellUntried(client);
console.log(
  wrong === 0
    ? `every answer is as published or as asked for; ${tried.size} operations, all that this SDK has`
    : `${wrong} answers are wrong`,
);
process.exitCode = wrong === 0 ? 0 : 1;
