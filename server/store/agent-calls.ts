import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { AgentCall, Store } from '@/server/engine/ports/store';
import { plainText } from './json-text';
import { pageSize } from './page-size';
import { readAgentCall } from './read-rows';
import type { Database } from './schema';

/** Of the key's JSON text, so that no two keys are one, whatever characters an agent chose. */
export function keyDigest(key: string): string {
  return createHash('sha256').update(JSON.stringify(key)).digest('hex');
}

export function agentCallReads(db: Kysely<Database>): Pick<Store, 'agentCall' | 'agentCallByKey' | 'agentTasks'> {
  return {
    async agentCall(id) {
      const row = await db
        .selectFrom('hp_agent_call')
        .select(['call_id', 'body'])
        .where('call_id', '=', plainText(id))
        .executeTakeFirst();
      return row === undefined ? null : readAgentCall(row);
    },
    async agentCallByKey(agentId, key) {
      const row = await db
        .selectFrom('hp_agent_call')
        .select(['call_id', 'body'])
        .where('agent_id', '=', plainText(agentId))
        .where('key_digest', '=', keyDigest(key))
        .executeTakeFirst();
      return row === undefined ? null : readAgentCall(row);
    },
    agentTasks: (agentId, page) => listTasks(db, agentId, page),
  };
}

async function listTasks(
  db: Kysely<Database>,
  agentId: AgentCall['agentId'],
  { before, limit }: Parameters<Store['agentTasks']>[1],
): Promise<readonly AgentCall[]> {
  const rows = await db
    .selectFrom('hp_agent_call')
    .select(['call_id', 'body'])
    .where('agent_id', '=', plainText(agentId))
    // A literal, so that both planners use the partial index.
    .where((eb) => eb('task', '=', eb.lit(1)))
    .$if(before !== null, (select) =>
      select.where((eb) =>
        eb(
          eb.refTuple('created_at', 'call_id'),
          '<',
          eb.tuple(before?.createdAt ?? 0, plainText(before?.callId ?? '')),
        ),
      ),
    )
    .orderBy('created_at', 'desc')
    .orderBy('call_id', 'desc')
    .limit(pageSize(limit))
    .execute();
  return rows.map(readAgentCall);
}
