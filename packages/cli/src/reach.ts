import { Failure } from './failure.ts';

/** What the service can't be reached for is said in its own words, not the platform's. */
export async function reach(endpoint: string, request: () => Promise<Response>): Promise<Response> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const { cause } = error as { cause?: NodeJS.ErrnoException };
    throw new Failure(`no service answers at ${endpoint}: ${cause?.code ?? cause?.message ?? error.message}`);
  }
}
