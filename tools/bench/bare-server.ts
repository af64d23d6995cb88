// What HTTP costs without any service: the body of a POST is read and comes back; with `json`, parsed and written anew. Arguments: which of
// both, and how many processes.
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const json = process.argv[2] === 'json';
const workers = Number(process.argv[3]);

function serve(ready: (port: number) => void): void {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      const answer = json ? JSON.stringify(JSON.parse(body.toString())) : body;
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
      response.end(answer);
    });
  });
  server.listen(0, '127.0.0.1', () => ready((server.address() as AddressInfo).port));
}

/** Tells the port when all listen: they share the one that the first was given. */
function fork(ready: (port: number) => void): void {
  let listening = 0;
  cluster.on('listening', (_worker, { port }) => {
    listening += 1;
    if (listening === workers) ready(port);
  });
  for (let i = 0; i < workers; i += 1) cluster.fork();
}

if (workers > 1 && cluster.isPrimary) fork((port) => process.send!(port));
else serve((port) => cluster.isPrimary && process.send!(port));
