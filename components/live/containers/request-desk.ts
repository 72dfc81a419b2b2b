import type { PersonRef, SessionEvent } from '@/lib/domain/event';
import type { RequestId } from '@/lib/domain/ids';
import type { HoldRequest } from '@/lib/domain/request';
import type { Note } from '@/lib/domain/request-detail';
import type { ModelDraft, RequestDesk, Said } from '@/components/request/request-props';
import type { Live } from '../live';
import type { Reply } from '../wire';

/** What a request's screen may ask of the server. */
export function requestDesk(live: Live, requestId: RequestId): RequestDesk {
  const changed = async (reply: Promise<Reply<HoldRequest>>): Promise<Said<null>> => {
    const said = await reply;
    // The push that tells of it may come later than the next press.
    live.reading.read(requestId);
    return said.ok ? { ok: true, value: null } : said;
  };
  return {
    edit: async (order) => {
      const said = await changed(live.send({ type: 'request.edit', requestId, ...order }));
      // Typing took the claim. New arguments are for anyone to approve: nobody waits for it to lapse.
      if (said.ok) live.attending.release(requestId);
      return said;
    },
    assign: (to) => changed(live.send({ type: 'request.assign', requestId, to })),
    people: async (): Promise<Said<readonly PersonRef[]>> => {
      const said = await live.send({ type: 'request.people', requestId });
      return said.ok ? { ok: true, value: said.value.people } : said;
    },
    note: (note): Promise<Said<Note>> =>
      live.send({ type: 'request.note', requestId, text: note.text, mentions: [...note.mentions] }),
    draft: (order): Promise<Said<ModelDraft>> =>
      live.send({ type: 'request.draft', requestId, ...order, messages: order.messages.map((each) => ({ ...each })) }),
    history: async (): Promise<Said<readonly SessionEvent[]>> => {
      const said = await live.send({ type: 'request.history', requestId });
      return said.ok ? { ok: true, value: said.value.events } : said;
    },
  };
}
