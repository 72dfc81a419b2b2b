'use client';

import { useEffect, useRef, useState } from 'react';
import type { Result } from '@/lib/domain/refusal';

export type Preview<T> =
  | { readonly is: 'waiting' }
  | { readonly is: 'refused'; readonly message: string }
  | { readonly is: 'there'; readonly value: T };

const typedMs = 400;

/** Looks a moment after the last change; what comes late is of no use any more. */
export function usePreview<T>(key: string, look: () => Promise<Result<T>>): Preview<T> {
  const [preview, setPreview] = useState<{ readonly key: string; readonly of: Preview<T> }>({
    key,
    of: { is: 'waiting' },
  });
  const latest = useRef(look);
  useEffect(() => {
    latest.current = look;
  });
  useEffect(() => {
    let state: 'wanted' | 'left' = 'wanted';
    const timer = setTimeout(() => {
      void latest.current().then((said) => {
        if (state === 'left') return;
        setPreview({
          key,
          of: said.ok ? { is: 'there', value: said.value } : { is: 'refused', message: said.message },
        });
      });
    }, typedMs);
    return () => {
      state = 'left';
      clearTimeout(timer);
    };
  }, [key]);
  return preview.key === key ? preview.of : { is: 'waiting' };
}
