import { randomUUID } from 'node:crypto';
import { FastMCP, type Logger } from 'fastmcp';
import { z } from 'zod';
import { Journal, questionTag } from '@/tests/chaos/servers/journal';
import { Listening } from '@/tests/chaos/servers/listening';

const dayMs = 24 * 60 * 60 * 1_000;
const silent = (): void => undefined;
const silentLogger: Logger = { debug: silent, error: silent, info: silent, log: silent, warn: silent };
const parameters = z.object({ mark: z.string(), workMs: z.number().optional() });

/**
 * FastMCP over Streamable HTTP: it asks on the standalone stream. Environment: `PORT`, `JOURNAL`. SIGUSR2 ends the
 * sessions it has seen, by DELETE. What it asks of nobody it records, and returns without an answer.
 */
async function main(): Promise<void> {
  const journal = new Journal(String(process.env['JOURNAL']));
  const port = Number(process.env['PORT']);
  const seen = new Set<string>();
  const listening = new Listening();
  const server = new FastMCP({ name: 'attacked-fastmcp', version: '1.0.0', logger: silentLogger });
  server.addTool({
    name: 'ask',
    description: 'Asks one question',
    parameters,
    execute: async ({ mark }, { elicit, sessionId }) => {
      if (sessionId !== undefined) seen.add(sessionId);
      const execution = begin(journal, mark, 'ask');
      const question = `${mark}/${execution}/1`;
      if (sessionId !== undefined) await listening.settled(sessionId);
      const askedAt = Date.now();
      const unheard = listening.unheard(sessionId ?? '');
      const asking = elicit(
        {
          mode: 'form',
          message: `Question 1 ${questionTag(question)}`,
          requestedSchema: {
            type: 'object',
            properties: { value: { type: 'string', title: 'Value' } },
            required: ['value'],
          },
        },
        { timeout: dayMs },
      );
      const answer = await Promise.race([asking, unheard]);
      if (answer === 'unheard') {
        journal.write({ kind: 'unheard', mark, execution, askedAt });
        return end(journal, { mark, execution }, []);
      }
      journal.write({ kind: 'answered', question, response: { result: answer } });
      return end(journal, { mark, execution }, [answer]);
    },
  });
  server.addTool({
    name: 'work',
    description: 'Works for a while',
    parameters,
    execute: async ({ mark, workMs }, { reportProgress, sessionId }) => {
      if (sessionId !== undefined) seen.add(sessionId);
      const execution = begin(journal, mark, 'work');
      for (let progress = 1; progress <= 4; progress += 1) {
        await new Promise((resolve) => setTimeout(resolve, (workMs ?? 0) / 4));
        await reportProgress({ progress, total: 4 });
      }
      return end(journal, { mark, execution }, []);
    },
  });
  await server.start({ transportType: 'httpStream', httpStream: { port, host: '127.0.0.1', endpoint: '/mcp' } });
  process.on('SIGUSR2', () => {
    for (const id of seen) {
      seen.delete(id);
      const headers = { 'mcp-session-id': id };
      fetch(`http://127.0.0.1:${port}/mcp`, { method: 'DELETE', headers }).catch(() => undefined);
    }
  });
  journal.write({ kind: 'booted', pid: process.pid });
  console.log('listening');
}

function begin(journal: Journal, mark: string, tool: string): string {
  const execution = randomUUID().slice(0, 8);
  journal.write({ kind: 'executed', mark, tool, execution });
  return execution;
}

function end(
  journal: Journal,
  { mark, execution }: { readonly mark: string; readonly execution: string },
  answers: readonly unknown[],
): { content: { type: 'text'; text: string }[] } {
  const result = { content: [{ type: 'text' as const, text: JSON.stringify({ mark, execution, answers }) }] };
  journal.write({ kind: 'returned', mark, execution, result });
  return result;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
