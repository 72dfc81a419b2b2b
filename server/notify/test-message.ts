import { mintId } from '@/lib/domain/ids';
import type { Channel } from '@/lib/domain/notice';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { failed } from './channel/outcome';
import type { NoticeContent } from './content/content';
import { mintLocalId } from './delivery';
import { sendMs } from './dispatcher';
import type { NotifyPorts } from './ports';
import type { Sender } from './sender';

const testLifeMs = 30 * 60_000;

/** Sends a made-up notice at once, past every preference, and says what became of it. */
export async function sendTest(
  { ports, sender }: { readonly ports: NotifyPorts; readonly sender: Sender },
  to: { readonly channel: Channel; readonly recipient: string },
): Promise<Result<{ readonly words: string }>> {
  const { clock, random, log } = ports;
  const content: NoticeContent = {
    about: 'request',
    kind: 'opened',
    requestId: mintId('request', random),
    requestKind: 'approval',
    server: 'test',
    tool: 'a test of notifications',
    agent: 'nobody',
    risk: 'read_only',
    team: null,
    assignedTo: null,
    by: null,
    deadlineAt: clock.now() + testLifeMs,
    safe: [],
  };
  const abort = new AbortController();
  const cancel = clock.after(sendMs, () => abort.abort());
  const outcome = await sender
    .send(to, { id: mintLocalId('dlv', random), contents: [content] }, abort.signal)
    .catch((error: unknown) => {
      log.error({ err: error, channel: to.channel }, 'a test notice could not be made');
      return failed('It could not be made into a message.');
    })
    .finally(cancel);
  return outcome.outcome === 'sent' ? done({ words: 'Sent.' }) : refuse('not_allowed_now', outcome.words);
}
