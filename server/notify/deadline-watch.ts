import type { RequestId } from '@/lib/domain/ids';
import { expiringAt } from '@/lib/domain/notice';
import type { Clock } from '@/server/engine/ports/clock';

const longestSleepMs = 3_600_000;

interface Watched {
  readonly dueAt: number;
  readonly deadlineAt: number;
}

/** Knows when each open request has little time left, with one timer for all. */
export class DeadlineWatch {
  private readonly waiting = new Map<RequestId, Watched>();
  private timer: { readonly at: number; cancel(): void } | null = null;
  private life: 'running' | 'stopped' = 'running';

  constructor(
    private readonly clock: Clock,
    private readonly tell: (id: RequestId) => void,
  ) {}

  watch(id: RequestId, { openedAt, deadlineAt }: { readonly openedAt: number; readonly deadlineAt: number }): void {
    // Its time is told once, even when it was told before a deadline that moved.
    const dueAt = expiringAt(openedAt, deadlineAt);
    if (this.waiting.get(id)?.dueAt === dueAt) return;
    this.waiting.set(id, { dueAt, deadlineAt });
    this.wakeAt(dueAt);
  }

  forget(id: RequestId): void {
    this.waiting.delete(id);
  }

  stop(): void {
    this.life = 'stopped';
    this.timer?.cancel();
    this.timer = null;
  }

  private wakeAt(at: number): void {
    if (this.life === 'stopped' || (this.timer !== null && this.timer.at <= at)) return;
    this.timer?.cancel();
    const waitMs = Math.max(0, Math.min(at - this.clock.now(), longestSleepMs));
    this.timer = { at, cancel: this.clock.after(waitMs, () => this.wake()) };
  }

  private wake(): void {
    this.timer = null;
    if (this.life === 'stopped') return;
    const now = this.clock.now();
    let nextAt = Number.POSITIVE_INFINITY;
    for (const [id, { dueAt, deadlineAt }] of this.waiting) {
      if (dueAt > now) {
        nextAt = Math.min(nextAt, dueAt);
        continue;
      }
      this.waiting.delete(id);
      if (deadlineAt > now) this.tell(id);
    }
    if (nextAt !== Number.POSITIVE_INFINITY) this.wakeAt(nextAt);
  }
}
