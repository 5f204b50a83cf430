import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from '../exit.ts';
import type { ToolWorld } from './call-tool.ts';
import { longestMessage } from './message-lines.ts';
import { createProtocolServer, type Sdk } from './protocol-server.ts';

// Imported by name it would be loaded at every start of the command: a bundle imports all that is built in first.
const { createServer } = process.getBuiltinModule('node:http');

const path = '/mcp';

/** Connections at once: a few clients of one person. */
const mostConnections = 32;

export interface HttpDoor {
  /** `http://127.0.0.1:8421/mcp`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves clients on this machine that know the token. Each request stands alone: there are no sessions. */
export async function serveHttp(sdk: Sdk, world: ToolWorld, port: number, token: string): Promise<HttpDoor> {
  const inner = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => {
      process.stderr.write(`sop: ${error instanceof Error ? error.message : String(error)}\n`);
      refuse(response, 500, 'the request could not be answered');
    });
  });
  inner.maxConnections = mostConnections;
  inner.headersTimeout = 10_000;
  inner.requestTimeout = 60_000;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refusal(request, (inner.address() as AddressInfo).port, token);
    if (refused !== undefined) return refuse(response, ...refused);
    const body = await readBody(request);
    if (body === undefined) return refuse(response, 413, `a message may have ${longestMessage} bytes`);
    let message: unknown;
    try {
      message = JSON.parse(body);
    } catch {
      return refuse(response, 400, 'this is no JSON', -32700);
    }
    const server = createProtocolServer(sdk, world);
    server.onerror = () => undefined; // the client is told by the answer
    const transport = new sdk.StreamableHTTPServerTransport({ enableJsonResponse: true });
    // A client that hangs up stops what it asked for.
    response.once('close', () => void server.close());
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    await transport.handleRequest(request, response, message);
  }

  await new Promise<void>((resolve, reject) => {
    inner.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new UsageError(`port ${port} cannot be used (${error.code ?? error.message}); name another one, or 0 for any`),
      ),
    );
    inner.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(inner.address() as AddressInfo).port}${path}`,
    close: () =>
      new Promise((resolve) => {
        inner.close(() => resolve());
        inner.closeAllConnections();
      }),
  };
}

type Refusal = readonly [status: number, message: string];

/**
 * Who may ask. A page in a browser reaches loopback by a name of its own (DNS rebinding), which its Host tells, or across
 * origins, which its Origin tells; another user of the machine does not know the token.
 */
function refusal(request: IncomingMessage, port: number, token: string): Refusal | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host = '', origin, authorization = '' } = request.headers;
  if (!hosts.includes(host)) return [403, `the Host must be ${hosts.join(' or ')}`];
  if (origin !== undefined && !hosts.some((own) => origin === `http://${own}`))
    return [403, 'pages of other origins may not ask'];
  if (!isSame(authorization, `Bearer ${token}`))
    return [401, 'send `Authorization: Bearer TOKEN`, with the token that `sop mcp` printed'];
  if (request.url !== path) return [404, `there is only ${path}`];
  if (request.method !== 'POST') return [405, 'only POST: this server sends nothing unasked, and has no sessions'];
  return undefined;
}

/** Takes as long whatever is given. */
function isSame(given: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(right));
}

/** Undefined: too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers['content-length']) > longestMessage) return undefined;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > longestMessage) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function refuse(response: ServerResponse, status: number, message: string, code = -32600): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  response.writeHead(status, {
    'content-type': 'application/json',
    // What was not read of the request is not waited for.
    connection: 'close',
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    ...(status === 405 && { allow: 'POST' }),
  });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } }));
}
