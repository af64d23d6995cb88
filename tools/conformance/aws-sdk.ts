import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The last release of the AWS SDK for JavaScript 2 that the calls were written for. */
const VERSION = '2.1693.0';
/** Not the workspace's: the package is large, out of support, and wanted here only. */
const FOLDER = join(import.meta.dirname, '..', '..', '.conformance');

export type Answer = Readonly<Record<string, unknown>>;

/** Takes input and gives a request. */
type Method = (input: object) => { promise(): Promise<Answer> };

/** A client of the SDK. Its operations are methods, their names with a small first letter, and its model lists them. */
export type SdkClient = { readonly [method: string]: Method } & {
  readonly api: { readonly operations: Readonly<Record<string, object>> };
};

/** By AWS's names. */
export function operationsOf(client: SdkClient): Map<string, Method> {
  const methods = Object.keys(client.api.operations);
  return new Map(
    methods.map((name) => [`${name.charAt(0).toUpperCase()}${name.slice(1)}`, client[name]!.bind(client)]),
  );
}

export interface SdkOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxRetries: number;
}

export interface AwsSdk {
  readonly VERSION: string;
  readonly PaymentCryptography: new (options: SdkOptions) => SdkClient;
  readonly PaymentCryptographyData: new (options: SdkOptions) => SdkClient;
}

/** Installs the SDK into a folder of its own, unless it is there, and loads it. */
export function loadAwsSdk(): AwsSdk {
  const manifest = join(FOLDER, 'package.json');
  const require = createRequire(manifest);
  if (!existsSync(join(FOLDER, 'node_modules', 'aws-sdk', 'package.json'))) {
    console.log(`installing aws-sdk ${VERSION} into .conformance`);
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(manifest, JSON.stringify({ private: true }));
    const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--save-exact'];
    execFileSync('npm', ['install', ...options, `aws-sdk@${VERSION}`], { cwd: FOLDER, stdio: 'inherit' });
  }
  return require('aws-sdk');
}
