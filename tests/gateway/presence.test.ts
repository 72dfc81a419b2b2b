import { expect, it } from 'vitest';
import { mintId, type RequestId } from '@/lib/domain/ids';
import { refuse, type Result } from '@/lib/domain/refusal';
import type { RequestDetail } from '@/lib/domain/request-detail';
import type { PeopleDesk } from '@/server/engine/ports/people';
import { type CommandPorts, createHandlers, type Guest } from '@/server/gateway/commands';
import { Presence } from '@/server/gateway/presence';
import { person } from '@/tests/engine/workplace';

const [first, second] = [1, 2].map((seed) => mintId('request', (count) => new Uint8Array(count).fill(seed)));
if (first === undefined || second === undefined) throw new Error('two ids');

const allowed: Result<RequestDetail> = { ok: true, value: {} as RequestDetail };

/** A page whose looks are allowed, or not, when the test says so. */
function setUp() {
  const presence = new Presence();
  const reading = new Map<RequestId, (seen: Result<RequestDetail>) => void>();
  const people = {
    request: (_person: unknown, id: RequestId) =>
      new Promise<Result<RequestDetail>>((resolve) => void reading.set(id, resolve)),
  } as unknown as PeopleDesk;
  const ports = { people, presence, tellPresence: () => undefined } as unknown as CommandPorts;
  const gone = new AbortController();
  const guest: Guest = {
    socketId: 'page',
    person: person('approver', 'Ana'),
    gone: gone.signal,
    join: () => undefined,
    leave: () => undefined,
  };
  const handler = createHandlers(ports)['request.look'];
  return {
    /** As the gateway does when a socket ends. */
    leave: () => {
      gone.abort();
      presence.leave('page');
    },
    look: (requestId: RequestId | null) => handler(guest, { type: 'request.look', requestId, typing: false }),
    says: (requestId: RequestId, seen: Result<RequestDetail>) => reading.get(requestId)?.(seen),
    lookedAt: () => presence.all().map(({ requestId }) => requestId),
  };
}

it('who may see a request is shown as looking at it', async () => {
  const { look, says, lookedAt } = setUp();
  const looking = look(first);
  says(first, allowed);
  await looking;
  expect(lookedAt()).toEqual([first]);
});

it('a page that went while it was read whether it may look is not looking for ever', async () => {
  const { leave, look, says, lookedAt } = setUp();
  const looking = look(first);
  leave();
  says(first, allowed);
  await looking;
  expect(lookedAt()).toEqual([]);
  // Nor is one whose sign-in was looked at again before the command was.
  const late = look(second);
  says(second, allowed);
  await late;
  expect(lookedAt()).toEqual([]);
});

it('I12 of several looks the last that was asked for counts, in whatever order they are allowed', async () => {
  const { look, says, lookedAt } = setUp();
  const looking = [look(first), look(second)];
  says(second, allowed);
  says(first, allowed);
  await Promise.all(looking);
  expect(lookedAt()).toEqual([second]);

  const again = look(first);
  await look(null);
  says(first, allowed);
  await again;
  expect(lookedAt()).toEqual([]);
});

it('I11 who may not see a request is not shown as looking at it, nor at the one before', async () => {
  const { look, says, lookedAt } = setUp();
  const looking = look(first);
  says(first, allowed);
  await looking;
  const refused = look(second);
  says(second, refuse('not_found'));
  expect(await refused).toMatchObject({ ok: false, code: 'not_found' });
  expect(lookedAt()).toEqual([]);
});
