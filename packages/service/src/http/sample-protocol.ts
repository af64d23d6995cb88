import { isUtf8 } from 'node:buffer';
import { AwsException } from '../api/exceptions.ts';
import type { DispatchedRequest } from './dispatch.ts';
import { errorAnswer } from './errors.ts';
import { parseInput } from './parse-input.ts';

/** By lower-case name, as HTTP has them. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** How a service is spoken with: what its requests and answers look like. */
export interface SampleProtocol {
  readonly contentType: string;
  accepts(headers: Headers): boolean;
  read(request: DispatchedRequest): { readonly operation: string; readonly input: unknown };
  write(operation: string, output: object, requestId: string): string;
  writeError(exception: AwsException, requestId: string): string;
}

/** AWS's awsJson1_1: the operation in a header, JSON both ways. */
export function jsonProtocol(targetPrefix: string): SampleProtocol {
  return {
    contentType: 'application/x-amz-json-1.1',
    accepts: (headers) => String(headers['x-amz-target']).startsWith(targetPrefix),
    read: ({ headers, body }) => ({
      operation: headers['x-amz-target']!.slice(targetPrefix.length),
      input: parseInput({}, body),
    }),
    write: (_operation, output) => JSON.stringify(output),
    writeError: (exception) => JSON.stringify(errorAnswer(exception, 'control').body),
  };
}

const FORM = 'application/x-www-form-urlencoded';
const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const MARKUP: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function element(name: string, text: string): string {
  return `<${name}>${text.replace(/[&<>]/g, (character) => MARKUP[character]!)}</${name}>`;
}

function readForm(body: Buffer): Record<string, string> {
  if (isUtf8(body)) return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  throw new AwsException('SerializationException', 'The body must be a form in UTF-8.');
}

/** AWS's query protocol, as STS speaks it: a form is asked, with the operation in it, and XML answered; texts only. */
export const queryProtocol: SampleProtocol = {
  contentType: 'text/xml',
  accepts: (headers) => String(headers['content-type']).startsWith(FORM),
  read({ body }) {
    const { Action: operation = '', ...input } = readForm(body);
    return { operation, input };
  },
  write(operation, output, requestId) {
    const result = Object.entries(output).map(([name, text]) => element(name, text));
    const metadata = element('RequestId', requestId);
    return (
      `<${operation}Response xmlns="${NAMESPACE}"><${operation}Result>${result.join('')}</${operation}Result>` +
      `<ResponseMetadata>${metadata}</ResponseMetadata></${operation}Response>`
    );
  },
  writeError({ code, message }, requestId) {
    const error = element('Type', 'Sender') + element('Code', code) + element('Message', message);
    return `<ErrorResponse xmlns="${NAMESPACE}"><Error>${error}</Error>${element('RequestId', requestId)}</ErrorResponse>`;
  },
};
