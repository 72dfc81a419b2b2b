'use client';

import { useEffect, useState } from 'react';
import type { SessionEvent } from '@/lib/domain/event';
import type { RequestDesk } from './request-props';

export interface History {
  /** Null until it was read. */
  readonly events: readonly SessionEvent[] | null;
  readonly failure: string | null;
}

/** What happened to the request, read again when `stage` changes. */
export function useHistory(desk: RequestDesk, stage: string | number): History {
  const [history, setHistory] = useState<History>({ events: null, failure: null });
  useEffect(() => {
    let state: 'wanted' | 'left' = 'wanted';
    void desk.history().then((said) => {
      if (state === 'left') return;
      setHistory((before) =>
        said.ok ? { events: said.value, failure: null } : { events: before.events, failure: said.message },
      );
    });
    return () => {
      state = 'left';
    };
  }, [desk, stage]);
  return history;
}
