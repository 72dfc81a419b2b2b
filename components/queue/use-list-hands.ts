'use client';

import { type RefObject, useEffect, useState } from 'react';

/** Still counts as at the list for this long after the pointer left, so that a glance away moves nothing. */
const lingerMs = 2_000;
/** Someone moving through the list by keys aims at rows, too. */
const keysLingerMs = 6_000;

/** Whether someone is at the list: pointer over it, focus inside, scrolled down, or keys in use. A hidden page has nobody at it. */
export function useListHands(ref: RefObject<HTMLElement | null>): 'on' | 'off' {
  const [hands, setHands] = useState<'on' | 'off'>('off');
  useEffect(() => {
    const list = ref.current;
    if (list === null) return;
    let over = false;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let until = 0;
    const judge = (): void => {
      const at = !document.hidden && (over || list.scrollTop > 4 || list.contains(document.activeElement));
      if (timer !== null) clearTimeout(timer);
      timer = null;
      if (at) return setHands('on');
      const waitMs = Math.max(lingerMs, until - performance.now());
      timer = setTimeout(() => setHands('off'), document.hidden ? 0 : waitMs);
    };
    const enter = (): void => {
      over = true;
      judge();
    };
    const leave = (): void => {
      over = false;
      judge();
    };
    const key = (): void => {
      until = performance.now() + keysLingerMs;
      setHands('on');
      judge();
    };
    // Focus has moved on only after the event.
    const settle = (): void => void setTimeout(judge, 0);
    list.addEventListener('pointerenter', enter);
    list.addEventListener('pointerleave', leave);
    list.addEventListener('scroll', judge, { passive: true });
    list.addEventListener('focusin', judge);
    list.addEventListener('focusout', settle);
    document.addEventListener('keydown', key);
    document.addEventListener('visibilitychange', judge);
    return () => {
      if (timer !== null) clearTimeout(timer);
      list.removeEventListener('pointerenter', enter);
      list.removeEventListener('pointerleave', leave);
      list.removeEventListener('scroll', judge);
      list.removeEventListener('focusin', judge);
      list.removeEventListener('focusout', settle);
      document.removeEventListener('keydown', key);
      document.removeEventListener('visibilitychange', judge);
    };
  }, [ref]);
  return hands;
}
