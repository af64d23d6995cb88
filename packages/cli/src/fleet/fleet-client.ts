import type { ServiceOptions } from '../ceremony/service-client.ts';
import { connectToOwn } from '../people/own-client.ts';

type Query = Readonly<Record<string, string | undefined>>;

/** The service's interface for fleets, `/keywright/v1/fleet`, for whoever is signed in, or whose credentials are found. */
export interface FleetClient {
  /** @throws Failure, when the service refuses an OwnRefusal */
  get<Output>(path: string, query?: Query): Promise<Output>;
  /** @throws Failure, when the service refuses an OwnRefusal */
  send<Output>(method: 'POST' | 'PUT', path: string, input: object): Promise<Output>;
}

function queryOf(query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

export function connectToFleet(options: ServiceOptions): FleetClient {
  const own = connectToOwn(options);
  return {
    get: (path, query = {}) => own.send('GET', `/fleet${path}${queryOf(query)}`),
    send: (method, path, input) => own.send(method, `/fleet${path}`, input),
  };
}

/** Every page of a list, one after the other. */
export async function* pagesOf<Page extends { readonly nextToken?: string }>(
  fleet: FleetClient,
  path: string,
  query: Query = {},
): AsyncGenerator<Page> {
  let nextToken: string | undefined;
  do {
    const page: Page = await fleet.get(path, { ...query, maxResults: '1000', nextToken });
    yield page;
    ({ nextToken } = page);
  } while (nextToken !== undefined);
}
