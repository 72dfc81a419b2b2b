import { z } from 'zod';
import type { Context, Env as HonoEnv, Hono } from 'hono';
import { readId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import { type Result, refuse } from '@/lib/domain/refusal';
import type { ControlDesk } from '@/server/engine/ports/control';
import type { PeopleDesk } from '@/server/engine/ports/people';
import { readBody } from './reading';

const longestReason = 500;
const reason = z.string().trim().min(1).max(longestReason);

const endSchema = z.strictObject({ reason });
const cancelSchema = z.strictObject({ sessionId: z.string(), reason });
const pauseSchema = z
  .strictObject({
    server: z.string().min(1).max(200).optional(),
    agentId: z.string().optional(),
    everything: z.literal(true).optional(),
    reason,
    /** Epoch milliseconds; left out or null: until it is lifted. */
    untilAt: z.int().min(0).nullish(),
  })
  .refine(
    ({ server, agentId, everything }) =>
      [server, agentId, everything].filter((target) => target !== undefined).length === 1,
    'name exactly one of server, agentId and everything',
  );

interface ControlEnv extends HonoEnv {
  Variables: { person: Person };
}

/** Ending sessions, cancelling calls and pausing, by the token of who may in the browser. */
export function controlRoutes<E extends ControlEnv>(
  app: Hono<E>,
  by: {
    readonly people: PeopleDesk;
    readonly control: ControlDesk;
    readonly answered: (result: Result<unknown>) => Response;
  },
): void {
  const { people, control, answered } = by;
  const whose = (c: Context<E>): Person => c.get('person' as never);
  app.get('/api/v1/sessions/:id/end', async (c) => {
    const id = readId('session', c.req.param('id'));
    return answered(id === null ? refuse('not_found') : await people.previewEnd(whose(c), id));
  });
  app.post('/api/v1/sessions/:id/end', async (c) => {
    const id = readId('session', c.req.param('id'));
    if (id === null) return answered(refuse('not_found'));
    const body = await readBody(c, endSchema);
    return answered(body.ok ? await people.end(whose(c), id, body.value.reason) : body);
  });
  app.post('/api/v1/calls/:id/cancel', async (c) => {
    const callId = readId('call', c.req.param('id'));
    const body = await readBody(c, cancelSchema);
    if (!body.ok) return answered(body);
    const sessionId = readId('session', body.value.sessionId);
    if (callId === null || sessionId === null) return answered(refuse('not_found'));
    return answered(await control.cancelCall(whose(c), { sessionId, callId, reason: body.value.reason }));
  });
  app.get('/api/v1/pauses', (c) => answered(control.pauses(whose(c))));
  app.post('/api/v1/pauses', async (c) => {
    const body = await readBody(c, pauseSchema);
    if (!body.ok) return answered(body);
    const { server, agentId: agent, reason: why, untilAt = null } = body.value;
    const order = { reason: why, untilAt };
    if (server !== undefined)
      return answered(await control.pause(whose(c), { ...order, target: { kind: 'server', server } }));
    if (agent === undefined)
      return answered(await control.pause(whose(c), { ...order, target: { kind: 'everything' } }));
    const agentId = readId('agent', agent);
    if (agentId === null) return answered(refuse('not_found'));
    return answered(await control.pause(whose(c), { ...order, target: { kind: 'agent', agentId } }));
  });
  app.delete('/api/v1/pauses/:id', async (c) => {
    const id = readId('pause', c.req.param('id'));
    return answered(id === null ? refuse('not_found') : await control.lift(whose(c), id));
  });
}
