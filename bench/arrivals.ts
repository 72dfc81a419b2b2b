import { setTimeout as pause } from 'node:timers/promises';
import { type AgentPlace, type BenchAgent, connectAgent } from './agent';
import { forEach } from './for-each';
import type { TripNumbers } from './rounds';

/** Its own limit is 200 open calls a session. */
const callsEach = 150;
const stepMs = 20;

/** Agents whose calls come at an even pace, and are held. */
export class Arrivals {
  private made = 0;
  private state: 'going' | 'over' = 'going';
  private going: Promise<void> = Promise.resolve();

  private constructor(
    private readonly agents: readonly BenchAgent[],
    private readonly numbers: TripNumbers,
  ) {}

  /** Enough sessions for `calls` calls. */
  static async ready(place: AgentPlace, calls: number, numbers: TripNumbers): Promise<Arrivals> {
    const agents: BenchAgent[] = [];
    const count = Math.ceil(calls / callsEach);
    await forEach({ count, atOnce: 10 }, async () => void agents.push(await connectAgent(place)));
    return new Arrivals(agents, numbers);
  }

  start(perSecond: number): void {
    this.state = 'going';
    this.going = this.run(perSecond, this.made);
  }

  /** How many calls were made, since the first start. */
  async stop(): Promise<number> {
    this.state = 'over';
    await this.going;
    return this.made;
  }

  async drop(): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.drop()));
  }

  /** As many as are due by now, so that a late timer makes none fewer. */
  private async run(perSecond: number, before: number): Promise<void> {
    const beganAt = performance.now();
    while (this.state === 'going') {
      const due = before + Math.floor(((performance.now() - beganAt) / 1_000) * perSecond);
      while (this.made < due) {
        const agent = this.agents[this.made % this.agents.length];
        this.made += 1;
        // Nobody answers it: it is dropped with its agent.
        agent?.trip(this.numbers.next()).catch(() => undefined);
      }
      await pause(stepMs);
    }
  }
}
