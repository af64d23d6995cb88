import type { FastifyInstance } from 'fastify';
import type { ServiceContext } from './dispatch.ts';
import type { Log } from './log.ts';

/**
 * The health checks, which need no signature. A service listens only once its start is complete, so being ready is a
 * question to the store, the audit, and whether the service is sealed. Without the audit it still answers what changes nothing, but another may do better.
 */
export function addHealth(server: FastifyInstance, { store, vault, audit }: ServiceContext, log: Log): void {
  server.get('/health/live', async () => ({ status: 'live' }));
  server.get('/health/ready', async (request, reply) => {
    if (vault.isSealed) return reply.code(503).send({ status: 'sealed' });
    try {
      await store.ping();
      if (!audit.available) return reply.code(503).send({ status: 'not ready', audit: 'cannot be written' });
      return { status: 'ready' };
    } catch (error) {
      log.failure(error, request.id);
      return reply.code(503).send({ status: 'not ready' });
    }
  });
}
