import type { FastifyInstance, FastifyRequest } from 'fastify';
import { userArn } from '../access/access-keys.ts';
import { AwsException } from '../api/exceptions.ts';
import { addApprovals } from './approvals.ts';
import type { Service } from './dispatch.ts';
import { parseInput } from './parse-input.ts';

const PREFIX = '/keywright/v1';
const NO_BODY = Buffer.alloc(0);

/** The signature, then the role, before a byte of the body is parsed. @returns the body */
async function authorize({ context, verifySignature }: Service, request: FastifyRequest): Promise<Buffer> {
  const { method, originalUrl: url, raw } = request;
  const { name, to = [] } = request.routeOptions.config;
  const body = (request.body as Buffer | undefined) ?? NO_BODY;
  const received = { method, url, headers: raw.headersDistinct, body };
  const { user, role, region } = await verifySignature(received, context.now());
  const arn = userArn(context.account, user);
  if (!to.includes(role)) {
    throw new AwsException('AccessDeniedException', `User: ${arn} is not authorized to perform: ${name}`);
  }
  request.caller = { user, role, region, arn };
  return body;
}

/**
 * The service's own interface, beside AWS's. Every route of it is signed as AWS's are, is for the roles that its `config.to` names, and
 * has a JSON object for its body, which its schema, where it has one, then validates.
 */
export function addOwnInterface(server: FastifyInstance, service: Service): void {
  server.decorateRequest('caller', undefined);
  server.register(
    async (own) => {
      // The signature is over the bytes, so they are kept until it is verified.
      own.removeAllContentTypeParsers();
      own.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      own.addHook('preValidation', async (request) => {
        request.body = parseInput({}, await authorize(service, request));
      });
      addApprovals(own, service.context);
    },
    { prefix: PREFIX },
  );
}
