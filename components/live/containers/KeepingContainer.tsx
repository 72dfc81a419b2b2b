'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useMemo } from 'react';
import { AdminPage, type AdminPageProps } from '@/components/admin/AdminPage';
import type { KeepingDesk } from '@/components/keeping/keeping-props';
import type { MaskingRule } from '@/lib/domain/masking/rule';
import type { CommandOf } from '@/lib/protocol/commands';
import { useAct, useRead } from './use-read';

const KeepingTab = dynamic(() => import('@/components/keeping/KeepingTab').then((file) => file.KeepingTab), {
  ssr: false,
});

type Frame = Omit<AdminPageProps<null>, 'data' | 'children'>;
const nothing = (): void => undefined;

export function KeepingContainer({ frame, now }: { readonly frame: Frame; readonly now: number }): ReactNode {
  const kept = useRead('keeping.read', 'once');
  const act = useAct();
  const desk = useMemo(
    (): KeepingDesk => ({
      saveMasking: (base, rules) => act({ type: 'keeping.save_masking', base, rules: onWire(rules) }, nothing),
      previewMasking: (rules) => act({ type: 'keeping.preview_masking', rules: onWire(rules) }, nothing),
      saveRetention: (base, retention) =>
        act({ type: 'keeping.save_retention', base, retention: { ...retention } }, nothing),
      previewPurge: (retention) => act({ type: 'keeping.preview_purge', retention: { ...retention } }, nothing),
    }),
    [act],
  );
  return (
    <AdminPage {...frame} data={kept.data} onRetry={kept.again}>
      {(view) => <KeepingTab view={view} now={now} desk={desk} />}
    </AdminPage>
  );
}

function onWire(rules: readonly MaskingRule[]): CommandOf<'keeping.save_masking'>['rules'] {
  return rules.map((rule) => ({ ...rule, parts: [...rule.parts] }));
}
