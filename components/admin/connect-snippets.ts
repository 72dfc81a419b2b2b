/** How an agent is connected, ready to paste. `key` stands in clear: it is shown once, right after it was made. */
export interface Snippet {
  readonly key: 'claude' | 'cursor' | 'sdk';
  readonly name: string;
  readonly where: string;
  readonly text: string;
}

export function connectSnippets(baseUrl: string, apiKey: string): readonly Snippet[] {
  const url = `${baseUrl.replace(/\/+$/, '')}/mcp`;
  const bearer = `Bearer ${apiKey}`;
  return [
    {
      key: 'claude',
      name: 'Claude Code',
      where: 'Run once, in a terminal',
      text: `claude mcp add --transport http holdpoint ${url} \\\n  --header "Authorization: ${bearer}"`,
    },
    {
      key: 'cursor',
      name: 'Cursor',
      where: '.cursor/mcp.json',
      text: JSON.stringify({ mcpServers: { holdpoint: { url, headers: { Authorization: bearer } } } }, null, 2),
    },
    { key: 'sdk', name: 'SDK client', where: '@modelcontextprotocol/sdk', text: sdkText(url, bearer) },
  ];
}

/** Heartbeats keep a call alive while a person thinks, for a client that asks for progress. */
function sdkText(url: string, bearer: string): string {
  return `import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const client = new Client({ name: 'my-agent', version: '1.0.0' });
await client.connect(
  new StreamableHTTPClientTransport(new URL('${url}'), {
    requestInit: { headers: { Authorization: '${bearer}' } },
  }),
);

// A person may take a while: progress keeps the call alive.
await client.callTool({ name: 'server__tool', arguments: {} }, undefined, {
  onprogress: (progress) => console.log(progress.message),
  resetTimeoutOnProgress: true,
});`;
}
