import { parseConfig } from '@/server/config/config-file';
import { problemText } from '@/server/config/config-source';
import type { ServerEntry, Settings } from '@/server/engine/ports/servers';

const path = '/etc/holdpoint/mcp.json';
const variables = { TOKEN: 's3cret', EMPTY: '', HOST_NAME: 'mcp.example', TWO_LINES: 'a\nb' };

/** What a text comes to. Fails with its problems. */
export function settings(text: string): Settings {
  const reading = parseConfig({ path, text }, variables);
  if (!reading.ok) throw new Error(reading.problems.map(problemText).join('\n'));
  return reading.settings;
}

/** What is wrong with a text, as people see it. */
export function problems(text: string): readonly string[] {
  const reading = parseConfig({ path, text }, variables);
  return reading.ok ? [] : reading.problems.map(problemText);
}

/** What one entry of `mcpServers` comes to. */
export function oneServer(entry: string): ServerEntry {
  const [server] = settings(`{"mcpServers": {"one": ${entry}}}`).servers;
  if (server === undefined) throw new Error('no server was read');
  return server;
}
