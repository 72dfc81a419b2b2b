import { createStore, type StoreApi } from 'zustand/vanilla';
import { atStart, type LiveState } from './state/live-state';

/** The one store of a page. Its state is changed by `state/*.ts` only, and by one piece of live code at a time. */
export class LiveStore {
  readonly api: StoreApi<LiveState> = createStore<LiveState>(() => atStart);

  get state(): LiveState {
    return this.api.getState();
  }

  /** Replaces one or more slices. */
  change(step: (state: LiveState) => Partial<LiveState>): void {
    this.api.setState(step);
  }

  /** Forgets everything, for whoever signs in next. */
  reset(): void {
    this.api.setState(atStart, true);
  }
}
