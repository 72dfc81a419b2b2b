import { describe, expect, it } from 'vitest';
import { decodeMessage, sortMessage } from '@/server/upstream/stateful/message';
import { call, during, open } from '@/tests/upstream/harness';
import { openStream, resultFor, sendEvent, startScripted } from '@/tests/upstream/scripted-server';

describe('numbers no double holds', () => {
  it('are no id: an answer under it would reach nobody', () => {
    const decoded = decodeMessage('{"jsonrpc":"2.0","id":1e999,"method":"elicitation/create"}');
    expect(decoded.ok && sortMessage(decoded.value)).toMatchObject({ kind: 'nonsense' });
  });

  it('are no progress: they would be null on disk and in every browser', async () => {
    const server = await during(
      startScripted(({ message, response }) => {
        if (message?.['method'] !== 'tools/call') return false;
        openStream(response);
        const token = typeof message['id'] === 'string' ? message['id'] : '';
        for (const figure of ['1e999', '1']) {
          const params = `{"progressToken":"${token}","progress":${figure},"total":1e999}`;
          response.write(`data: {"jsonrpc":"2.0","method":"notifications/progress","params":${params}}\n\n`);
        }
        sendEvent(response, resultFor(message, 'done'));
        response.end();
        return true;
      }),
    );
    const opened = await open(server.url);
    await opened.connection.sendCall(call('anything'));
    await opened.inbox.waitFor('callResult');
    expect(opened.inbox.of('progress')).toMatchObject([{ args: [{ progress: 1, total: null }, {}] }]);
  });
});
