'use client';

import { useCallback, useMemo, useState } from 'react';
import type { Revealing } from '@/components/ui/reveal-context';
import { isJsonObject, type Json } from '@/lib/domain/json';
import { readPointer } from '@/lib/domain/policy/pointer';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { useAct } from './use-read';

interface Revealed {
  readonly detail: RequestDetail;
  readonly revealing: Revealing;
}

const nothing = (): void => undefined;
const none: ReadonlyMap<string, Json> = new Map();

/** A request with the masked values this page revealed of it; forgotten when it is left. */
export function useRevealed(detail: RequestDetail): Revealed {
  const act = useAct();
  const { requestId, digest } = detail.request;
  // Other arguments are other values.
  const about = `${requestId} ${digest ?? ''}`;
  const [known, setKnown] = useState({ about, values: none });
  const [refusal, setRefusal] = useState<string | null>(null);
  const values = known.about === about ? known.values : none;
  const onReveal = useCallback(
    (path: string) => {
      void act({ type: 'request.reveal', requestId, path }, nothing).then((said) => {
        setRefusal(said.ok ? null : said.message);
        if (!said.ok) return;
        setKnown((before) => {
          const of = before.about === about ? before.values : none;
          return { about, values: new Map(of).set(path, said.value.value) };
        });
      });
    },
    [act, requestId, about],
  );
  const { covered } = detail;
  const revealing = useMemo(() => ({ covered, onReveal, refusal }), [covered, onReveal, refusal]);
  const whole = useMemo(() => withValues(detail, values), [detail, values]);
  return { detail: whole, revealing };
}

function withValues(detail: RequestDetail, values: ReadonlyMap<string, Json>): RequestDetail {
  if (values.size === 0) return detail;
  const fill = (value: Json | null): Json | null =>
    value === null
      ? null
      : [...values].reduce<Json>((filled, [path, shown]) => putAt(filled, readPointer(path) ?? [], shown), value);
  return detail.edited === null
    ? { ...detail, arguments: fill(detail.arguments) }
    : { ...detail, edited: fill(detail.edited) };
}

function putAt(value: Json, path: readonly string[], shown: Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return shown;
  if (Array.isArray(value))
    return value.map((item: Json, index) => (String(index) === step ? putAt(item, rest, shown) : item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]): [string, Json] => [key, key === step ? putAt(item, rest, shown) : item]),
  );
}
