import type { FastifyInstance } from 'fastify';
import type { Store } from '../store/store.ts';
import type { Log } from './log.ts';

/**
 * The health checks, which need no signature. A service listens only once its start is complete, so being ready is a
 * question to the store alone.
 */
export function addHealth(server: FastifyInstance, store: Pick<Store, 'ping'>, log: Log): void {
  server.get('/health/live', async () => ({ status: 'live' }));
  server.get('/health/ready', async (request, reply) => {
    try {
      await store.ping();
      return { status: 'ready' };
    } catch (error) {
      log.failure(error, request.id);
      return reply.code(503).send({ status: 'not ready' });
    }
  });
}
