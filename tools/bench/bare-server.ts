// What HTTP costs without any service: the body of a POST is read and comes back; with `json`, parsed and written anew.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const json = process.argv[2] === 'json';

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
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
