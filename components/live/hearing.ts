import type { Push } from '@/lib/protocol/pushes';

type Listener = (push: Push) => void;

/** Passes pushes on that are no part of the state: notices, and that the rules are others now. */
export class Hearing {
  private readonly listeners = new Map<Push['type'], Set<Listener>>();

  /** Listens until the returned function is called. */
  on<T extends Push['type']>(type: T, listener: (push: Extract<Push, { readonly type: T }>) => void): () => void {
    const heard: Listener = (push) => {
      if (isOf(push, type)) listener(push);
    };
    const all = this.listeners.get(type) ?? new Set<Listener>();
    this.listeners.set(type, all.add(heard));
    return () => void all.delete(heard);
  }

  take(batch: readonly Push[]): void {
    if (this.listeners.size === 0) return;
    for (const push of batch) for (const listener of this.listeners.get(push.type) ?? []) listener(push);
  }
}

function isOf<T extends Push['type']>(push: Push, type: T): push is Extract<Push, { readonly type: T }> {
  return push.type === type;
}
