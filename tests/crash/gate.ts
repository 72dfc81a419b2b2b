/** What a process that was killed does from then on: nothing, for ever. */
function never<T>(): Promise<T> {
  return new Promise<T>(() => {});
}

/** The name of a boundary, or its number, counted from 0; null for none. */
export type KillAt = string | number | null;

/**
 * Counts the boundaries a life passes and kills it at one of them. From that instant no port of the life does
 * anything any more, and none of its promises settles: the rest of the world sees what it sees after `kill -9`.
 */
export class Gate {
  /**
   * Every boundary passed so far, by name; the last one is where it was killed. A name that comes again has its
   * count behind it, so that each stands for one boundary whatever else comes between.
   */
  readonly passed: string[] = [];
  readonly died: Promise<void>;
  private dead = false;
  private readonly counts = new Map<string, number>();
  private tellDeath: () => void = () => {};
  private readonly atDeath: (() => void)[] = [];

  constructor(private readonly killAt: KillAt) {
    this.died = new Promise((resolve) => {
      this.tellDeath = resolve;
    });
  }

  get isDead(): boolean {
    return this.dead;
  }

  /** Where it was killed; null while it lives. */
  get killedAt(): string | null {
    return this.dead ? (this.passed.at(-1) ?? '') : null;
  }

  /** Run at the very instant of death. */
  onDeath(run: () => void): void {
    this.atDeath.push(run);
  }

  /** A boundary in the midst of something synchronous; the caller asks `isDead` afterwards. */
  strike(name: string): void {
    if (this.dead) return;
    const count = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, count);
    const named = count === 1 ? name : `${name} (${count})`;
    const isIt = this.killAt === named || this.killAt === this.passed.length;
    this.passed.push(named);
    if (!isIt) return;
    this.dead = true;
    for (const run of this.atDeath) run();
    this.tellDeath();
  }

  /** A boundary: returns, or never. */
  async pass(name: string): Promise<void> {
    this.strike(name);
    if (this.dead) await never();
  }

  /** Settles as `promise` does, unless the life is over by then. */
  async shield<T>(promise: Promise<T>): Promise<T> {
    try {
      const value = await promise;
      return this.dead ? await never<T>() : value;
    } catch (error) {
      if (this.dead) return never<T>();
      throw error;
    }
  }

  /** Every method of `target` as long as the life lasts; `instead` takes the place of some. */
  mortal<T extends object>(target: T, instead: Partial<T> = {}): T {
    return new Proxy(target, {
      get: (_target, name): unknown => {
        const own: unknown = Reflect.get(instead, name);
        const member: unknown = own ?? Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]): unknown => {
          if (this.dead) return never();
          const returned: unknown = Reflect.apply(member, own === undefined ? target : instead, given);
          return returned instanceof Promise ? this.shield(returned) : returned;
        };
      },
    });
  }
}
