import type { Agent, Exchange, Foothold } from '@/tests/chaos/agents/agent';
import type { AgentSession, AttemptOutcome } from '@/tests/chaos/agents/attempt';
import { heardIn } from '@/tests/chaos/agents/heard';
import type { Ledger } from '@/tests/chaos/ledger';
import type { CallPlan } from '@/tests/chaos/plan';
import type { Heard } from '@/tests/chaos/world';

const againMs = 150;
const awaitMs = 2_000;
/** Nothing was recorded: the same may be sent again, key or not. */
const notTaken: ReadonlySet<string> = new Set(['stopping', 'cannot_save', 'too_many']);
const notTakenStatus: ReadonlySet<number> = new Set([404, 429, 503]);
/** Refusals to resume that pass. */
const passingStatus: ReadonlySet<number> = new Set([409, 429, 500, 502, 503]);

/** One call, followed by every means its agent has until it is told how it ended. */
export class Pursuit {
  private foothold: Foothold | null = null;
  private ticket: string | null = null;
  private wasSent = false;
  private toldTicket = false;
  private gaveUp = false;

  constructor(
    private readonly agent: Agent,
    private readonly plan: CallPlan,
    private readonly ledger: Ledger,
  ) {}

  private get keyed(): boolean {
    return this.plan.key !== null;
  }

  async run(): Promise<void> {
    const heard = await this.untilTold();
    this.tell(heard);
    if (!this.plan.asksAgain || (heard.as !== 'result' && heard.as !== 'outcome')) return;
    this.foothold = null;
    this.ticket = null;
    const again = await this.untilTold();
    // By then it was told once; that nobody waited for the second time is no one's fault.
    if (again.as !== 'left' && again.as !== 'nothing') this.tell(again);
  }

  private async untilTold(): Promise<Heard> {
    for (;;) {
      if (!(await this.agent.awake())) return { as: this.agent.isOver ? 'nothing' : 'left' };
      const heard = await this.step();
      if (heard !== null) return heard;
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }

  /** One exchange by the best means there is; null when it has to go on. */
  private async step(): Promise<Heard | null> {
    const { foothold, ticket } = this;
    if (ticket !== null) return this.collect(ticket);
    if (foothold !== null) {
      if (await this.agent.uses(foothold.session)) return this.resume(foothold);
      this.foothold = null;
      if (!this.keyed) return { as: 'left' };
    }
    if (this.wasSent && !this.keyed) return { as: 'cut_off' };
    return this.send();
  }

  private async send(): Promise<Heard | null> {
    const { mark, server, tool } = this.plan;
    if (!this.wasSent) this.ledger.sends.push({ mark, server, tool, keyed: this.keyed, at: Date.now() });
    this.ledger.moments.happened('call_sent');
    const exchange = this.exchange(this.callParams());
    const sent = await this.agent.send(exchange.order);
    if (sent === null) return null;
    this.wasSent = true;
    this.hold(sent.session, sent.rpcId, exchange.cursor());
    const { outcome, session } = sent;
    if (outcome.kind === 'broken' && outcome.status === 404) await this.agent.forget(session);
    if (isNotTaken(outcome)) {
      this.wasSent = false;
      this.foothold = null;
      return null;
    }
    return this.read(outcome);
  }

  private async resume(foothold: Foothold): Promise<Heard | null> {
    const exchange = this.exchange(this.callParams());
    const outcome = await this.agent.resume(exchange.order, foothold);
    this.hold(foothold.session, foothold.rpcId, exchange.cursor());
    if (outcome.kind !== 'broken' || outcome.status === null || passingStatus.has(outcome.status)) {
      return this.read(outcome);
    }
    this.foothold = null;
    if (outcome.status === 404) await this.agent.forget(foothold.session);
    return this.keyed ? null : { as: 'refused', words: `${outcome.status} ${outcome.words}` };
  }

  private async collect(ticket: string): Promise<Heard | null> {
    const params = { name: 'holdpoint_await', arguments: { ticket, waitMs: awaitMs } };
    if (this.plan.cancels && !this.gaveUp) return this.giveUp(ticket);
    const sent = await this.agent.send({ ...this.exchange(params).order, headers: {} });
    if (sent === null) return null;
    if (sent.outcome.kind === 'broken' && sent.outcome.status === 404) await this.agent.forget(sent.session);
    return isNotTaken(sent.outcome) ? null : this.read(sent.outcome);
  }

  /** It still asks how the call ended: what it gave up may have been over already. */
  private async giveUp(ticket: string): Promise<null> {
    this.ledger.cancels.push({ mark: this.plan.mark, at: Date.now() });
    const params = { name: 'holdpoint_cancel', arguments: { ticket, reason: 'the agent thought better of it' } };
    const sent = await this.agent.send({ ...this.exchange(params).order, headers: {} });
    if (sent?.outcome.kind === 'broken' && sent.outcome.status === 404) await this.agent.forget(sent.session);
    this.gaveUp = sent !== null && sent.outcome.kind !== 'broken' && !isNotTaken(sent.outcome);
    return null;
  }

  private read(outcome: AttemptOutcome): Heard | null {
    switch (outcome.kind) {
      case 'broken':
        return null;
      case 'error':
        return { as: 'error', code: outcome.code, words: outcome.words };
      case 'reply': {
        const { heard, ticket } = heardIn(outcome.result);
        if (ticket === null) return heard;
        this.ticket = ticket;
        this.foothold = null;
        if (!this.toldTicket) this.tell(heard);
        this.toldTicket = true;
        return null;
      }
    }
  }

  private exchange(params: Record<string, unknown>): {
    readonly order: Exchange;
    readonly cursor: () => string | null;
  } {
    let cursor: string | null = null;
    const onCursor = (event: string): void => {
      cursor = event;
    };
    const headers: Record<string, string> =
      this.plan.key === 'header' ? { 'Idempotency-Key': `key-${this.plan.mark}` } : {};
    return { order: { params, headers, manner: this.plan.manner, onCursor }, cursor: () => cursor };
  }

  private callParams(): Record<string, unknown> {
    const { mark, server, tool, workMs, key } = this.plan;
    return {
      name: `${server}__${tool}`,
      arguments: { mark, workMs, message: mark },
      ...(key === 'meta' ? { _meta: { 'holdpoint/idempotencyKey': `key-${mark}` } } : {}),
    };
  }

  /** A newer place in the same stream takes the place of the older. */
  private hold(session: AgentSession, rpcId: number, cursor: string | null): void {
    if (cursor !== null) this.foothold = { session, rpcId, cursor };
  }

  private tell(heard: Heard): void {
    this.ledger.tellings.push({ mark: this.plan.mark, at: Date.now(), heard });
  }
}

function isNotTaken(outcome: AttemptOutcome): boolean {
  if (outcome.kind === 'broken') return outcome.status !== null && notTakenStatus.has(outcome.status);
  return outcome.kind === 'error' && outcome.dataCode !== null && notTaken.has(outcome.dataCode);
}
