import type { CallId, PersonId, SessionId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Person } from '@/lib/domain/permission';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import type { Tried, TriedOutcome } from '@/lib/domain/server';
import type { AgentDesk, CallListener, CallOutcome, SessionListener } from '@/server/engine/ports/agents';
import type { Log } from '@/server/engine/ports/log';
import { agentByHand } from './by-hand';

/** Larger results are seen in their session. */
const resultBytesMost = 256_000;
/** Of those that are over; what runs is never let go. */
const keptMost = 100;

interface Parts {
  readonly agents: AgentDesk;
  readonly log: Log;
  readonly clientVersion: string;
  /** To the pages of the person whose call it is. */
  readonly tell: (person: PersonId, tried: Tried) => void;
}

interface Try {
  readonly by: PersonId;
  tried: Tried;
}

export interface TryOrder {
  readonly server: string;
  readonly tool: string;
  readonly arguments: JsonObject;
}

const protocolVersion = '2025-11-25';
const deaf: SessionListener = { listChanged() {}, notification() {}, log() {}, ended() {} };

/** Tools called by a person, each in a session of its own and on the very way an agent's calls go. */
export class Trying {
  readonly #tries = new Map<CallId, Try>();

  constructor(private readonly parts: Parts) {}

  /** Resolved when the call is recorded; what becomes of it is told. */
  async begin(person: Person, order: TryOrder): Promise<Result<Tried>> {
    const { agents, clientVersion } = this.parts;
    const client = { name: 'holdpoint-by-hand', version: clientVersion };
    const hello = { client, scope: order.server, protocolVersion };
    const opened = await agents.open(agentByHand(person), hello, deaf);
    if (!opened.ok) return opened;
    const sessionId = opened.value;
    return new Promise((resolve) => {
      const listener = this.#listener(person, { ...order, sessionId }, (tried) => resolve(done(tried)));
      const asked = { ...order, meta: {}, idempotencyKey: null, task: null, patienceMs: null };
      agents
        .call(sessionId, asked, listener)
        .then((outcome) => {
          if (outcome.ok) this.#over(outcome.value);
          else resolve(outcome);
        })
        .catch((error: unknown) => {
          this.parts.log.error({ err: error, sessionId }, 'a tool could not be tried');
          resolve(refuse('cannot_save'));
        })
        .finally(() => this.#close(sessionId));
    });
  }

  /** How it stands; also of one begun before a restart. */
  async read(person: Person, callId: CallId): Promise<Result<Tried>> {
    const known = this.#tries.get(callId);
    if (known !== undefined) return known.by === person.id ? done(known.tried) : refuse('not_found');
    const { agents } = this.parts;
    const found = await agents.status(agentByHand(person), callId);
    if (!found.ok) return found;
    const { call, sessionId, words } = found.value;
    const tried: Tried = {
      callId,
      sessionId,
      server: call.server,
      tool: call.tool,
      words,
      progress: null,
      outcome: null,
    };
    this.#tries.set(callId, { by: person.id, tried });
    const listener = this.#listener(person, { server: call.server, tool: call.tool, sessionId }, () => undefined);
    const outcome = agents.attach(agentByHand(person), callId, listener);
    outcome
      .then((ended) => (ended.ok ? this.#over(ended.value) : undefined))
      .catch((error: unknown) => this.parts.log.error({ err: error, callId }, 'a try could not be taken up'))
      .finally(() => this.#close(sessionId));
    return done(this.#tries.get(callId)?.tried ?? tried);
  }

  async cancel(person: Person, callId: CallId): Promise<Result<Tried>> {
    const reason = `${person.name} cancelled it.`;
    const cancelled = await this.parts.agents.cancel(agentByHand(person), callId, reason);
    return cancelled.ok ? this.read(person, callId) : cancelled;
  }

  #listener(
    person: Person,
    of: Pick<Tried, 'server' | 'tool' | 'sessionId'>,
    received: (tried: Tried) => void,
  ): CallListener {
    const { server, tool, sessionId } = of;
    let own: CallId | null = null;
    const change = (with_: Partial<Tried>): void => {
      if (own !== null) this.#change(own, with_);
    };
    return {
      received: (callId) => {
        own = callId;
        const words = `${server} is at work.`;
        const tried: Tried = { callId, server, tool, sessionId, words, progress: null, outcome: null };
        this.#tries.set(callId, { by: person.id, tried });
        received(tried);
      },
      progress: (progress) => change({ progress, words: `${server} is at work.` }),
      waiting: (words) => change({ words }),
    };
  }

  #over(ended: CallOutcome): void {
    if (ended.outcome === 'left') return;
    this.#change(ended.callId, { outcome: outcomeOf(ended), words: 'It is over.' });
    const over = [...this.#tries].filter(([, { tried }]) => tried.outcome !== null);
    for (const [callId] of over.slice(0, Math.max(0, over.length - keptMost))) this.#tries.delete(callId);
  }

  #change(callId: CallId, with_: Partial<Tried>): void {
    const known = this.#tries.get(callId);
    if (known === undefined || known.tried.outcome !== null) return;
    known.tried = { ...known.tried, ...with_ };
    this.parts.tell(known.by, known.tried);
  }

  #close(sessionId: SessionId): void {
    this.parts.agents
      .close(sessionId, 'The tool was tried by hand.')
      .catch((error: unknown) => this.parts.log.error({ err: error, sessionId }, 'a session could not be closed'));
  }
}

function outcomeOf(ended: Exclude<CallOutcome, { readonly outcome: 'left' }>): TriedOutcome {
  if (ended.outcome === 'completed') {
    const bytes = Buffer.byteLength(JSON.stringify(ended.result));
    return { is: 'completed', result: bytes <= resultBytesMost ? ended.result : null, bytes };
  }
  return { is: ended.outcome, message: ended.outcome === 'failed' ? ended.error.message : ended.message };
}
