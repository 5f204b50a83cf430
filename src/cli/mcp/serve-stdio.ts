import type { ToolWorld } from './call-tool.ts';
import { longestMessage, MessageLines } from './message-lines.ts';
import { createProtocolServer, type Sdk } from './protocol-server.ts';

/** Serves one client over stdin and stdout, which carries the protocol only. */
export async function serveStdio(sdk: Sdk, world: ToolWorld): Promise<{ close(): Promise<void> }> {
  const refuse = (id: string | number | null, code: number, message: string) =>
    void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } })}\n`);
  const lines = new MessageLines((id) =>
    refuse(id, -32600, `a message may have ${longestMessage} bytes; hand over less data at once`),
  );
  const server = createProtocolServer(sdk, world);
  // What cannot be read has no id to answer to; the specification of JSON-RPC says null.
  server.onerror = (error) => {
    if (error instanceof SyntaxError) refuse(null, -32700, 'this is no JSON');
    else if (error.name === 'ZodError') refuse(null, -32600, 'this is no message of JSON-RPC 2.0');
    else process.stderr.write(`sop: ${error.message}\n`);
  };
  const transport = new sdk.StdioServerTransport(lines, process.stdout, { maxBufferSize: 2 * longestMessage });
  await server.connect(transport);
  process.stdin.pipe(lines);
  return {
    close: async () => {
      process.stdin.unpipe(lines);
      process.stdin.pause();
      await server.close();
    },
  };
}
