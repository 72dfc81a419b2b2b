import type { RefusalCode } from '@/lib/domain/refusal';

/**
 * One held call and its request, told anew in the plainest way: no type of the domain is used here, so that a mistake
 * there is not repeated.
 */
export interface Cast {
  readonly name: string;
  readonly role: 'admin' | 'approver';
  readonly teams: readonly string[];
}

export interface Need {
  readonly count: number;
  readonly role: 'admin' | null;
  readonly team: string | null;
}

export interface Terms {
  readonly approvals: readonly Need[];
  readonly denials: number;
  readonly notBy: string | null;
  readonly atDeadline: 'deny' | 'allow';
}

export type Step =
  | { readonly kind: 'claim'; readonly who: Cast; readonly at: number }
  | { readonly kind: 'release'; readonly who: Cast }
  | { readonly kind: 'vote'; readonly who: Cast; readonly said: 'approve' | 'deny'; readonly op: string }
  | { readonly kind: 'answer'; readonly who: Cast; readonly said: 'approve' | 'deny'; readonly op: string }
  | { readonly kind: 'edit'; readonly who: Cast; readonly digest: string; readonly terms: Terms }
  | { readonly kind: 'assign'; readonly who: Cast; readonly to: string | null }
  | { readonly kind: 'escalate'; readonly team: string }
  | { readonly kind: 'note'; readonly who: Cast }
  | { readonly kind: 'expire' }
  | { readonly kind: 'withdraw' }
  | { readonly kind: 'sent' }
  | { readonly kind: 'completed' };

export type Expected = 'ok' | RefusalCode;

export interface Stands {
  readonly request: 'open' | 'answered' | 'expired' | 'withdrawn';
  readonly call: 'waiting' | 'leaving' | 'working' | 'completed' | 'rejected' | 'expired' | 'cancelled';
  readonly digest: string;
  readonly revision: number;
  readonly votes: Readonly<Record<string, 'approve' | 'deny'>>;
  readonly claimedBy: string | null;
  readonly assignedTo: string | null;
  readonly also: readonly string[];
  readonly notes: number;
}

const leaseMs = 60_000;

export class Model {
  private request: Stands['request'] = 'open';
  private call: Stands['call'] = 'waiting';
  private revision = 1;
  private votes = new Map<string, { readonly said: 'approve' | 'deny'; readonly who: Cast }>();
  private claim: { readonly by: string; readonly untilAt: number } | null = null;
  private assignedTo: string | null = null;
  private also: readonly string[] = [];
  private notes = 0;
  private answeredWith: string | null = null;

  constructor(
    private digest: string,
    private terms: Terms,
  ) {}

  stands(now: number): Stands {
    const { request, call, digest, revision, assignedTo, also, notes } = this;
    const votes = Object.fromEntries(
      [...this.votes].map(([name, { said }]) => [name, said] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    const claimedBy = this.claim !== null && this.claim.untilAt > now ? this.claim.by : null;
    return { request, call, digest, revision, votes, claimedBy, assignedTo, also, notes };
  }

  /** What must become of a step; changes the model when it is ok. */
  take(step: Step): Expected {
    switch (step.kind) {
      case 'note':
        this.notes += 1;
        return 'ok';
      case 'sent':
        if (this.call !== 'leaving') return 'not_allowed_now';
        this.call = 'working';
        return 'ok';
      case 'completed':
        if (this.call !== 'working') return 'not_allowed_now';
        this.call = 'completed';
        return 'ok';
      case 'release':
        this.claim = null;
        return 'ok';
      case 'answer':
        if (this.request === 'answered') return step.op === this.answeredWith ? 'ok' : 'already_answered';
        return this.request === 'open' ? this.answer(step) : 'not_open';
      default:
        return this.request === 'open' ? this.whileOpen(step) : 'not_open';
    }
  }

  private whileOpen(
    step: Exclude<Step, { readonly kind: 'note' | 'sent' | 'completed' | 'release' | 'answer' }>,
  ): Expected {
    switch (step.kind) {
      case 'claim':
        if (this.claim !== null && this.claim.untilAt > step.at && this.claim.by !== step.who.name) return 'claimed';
        this.claim = { by: step.who.name, untilAt: step.at + leaseMs };
        return 'ok';
      case 'vote':
        return this.vote(step);
      case 'edit':
        this.votes.clear();
        // It is routed anew, by the rule that holds it now.
        this.also = [];
        this.digest = step.digest;
        this.terms = step.terms;
        this.revision += 1;
        if (this.claim?.by === step.who.name) this.claim = null;
        return 'ok';
      case 'assign':
        this.assignedTo = step.to;
        return 'ok';
      case 'escalate':
        if (!this.also.includes(step.team)) this.also = [...this.also, step.team];
        return 'ok';
      case 'expire': {
        const noOneAgainst = [...this.votes.values()].every(({ said }) => said === 'approve');
        this.over('expired', this.terms.atDeadline === 'allow' && noOneAgainst ? 'leaving' : 'expired');
        return 'ok';
      }
      case 'withdraw':
        this.over('withdrawn', 'cancelled');
        return 'ok';
    }
  }

  private vote({ who, said }: Extract<Step, { readonly kind: 'vote' }>): Expected {
    const wrong = this.cannotSay(who, said);
    if (wrong !== null) return wrong;
    const votes = new Map(this.votes).set(who.name, { said, who });
    if (this.outcome(votes) !== 'undecided') return 'not_open';
    this.votes = votes;
    if (this.claim?.by === who.name) this.claim = null;
    return 'ok';
  }

  private answer({ who, said, op }: Extract<Step, { readonly kind: 'answer' }>): Expected {
    const wrong = this.cannotSay(who, said);
    if (wrong !== null) return wrong;
    const votes = new Map(this.votes).set(who.name, { said, who });
    if (this.outcome(votes) !== said) return 'not_allowed_now';
    this.votes = votes;
    this.answeredWith = op;
    this.over('answered', said === 'approve' ? 'leaving' : 'rejected');
    return 'ok';
  }

  private cannotSay(who: Cast, said: 'approve' | 'deny'): RefusalCode | null {
    if (said === 'approve' && this.terms.notBy === who.name) return 'forbidden';
    return this.votes.get(who.name)?.said === said ? 'already_voted' : null;
  }

  private outcome(votes: ReadonlyMap<string, { readonly said: string; readonly who: Cast }>): string {
    let denials = 0;
    for (const { said } of votes.values()) if (said === 'deny') denials += 1;
    if (denials >= this.terms.denials) return 'deny';
    for (const need of this.terms.approvals) {
      let count = 0;
      for (const { said, who } of votes.values()) {
        const fits =
          (need.role === null || who.role === need.role) && (need.team === null || who.teams.includes(need.team));
        if (said === 'approve' && fits) count += 1;
      }
      if (count >= need.count) return 'approve';
    }
    return 'undecided';
  }

  private over(request: Stands['request'], call: Stands['call']): void {
    this.request = request;
    this.call = call;
    this.claim = null;
    this.revision += 1;
  }
}
