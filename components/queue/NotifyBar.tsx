'use client';

import type { ReactNode } from 'react';
import Bell from 'lucide-react/icons/bell';
import { Button } from '@/components/ui/Button';
import { Icon } from '@/components/ui/Icon';

/** Asked once, after the first answer, in words of ours before the browser's own question. */
export function NotifyBar({ onDone }: { readonly onDone: () => void }): ReactNode {
  return (
    <div className="q-notify" role="region" aria-label="Notifications">
      <Icon of={Bell} size="sm" />
      <span className="grow">Tell me when something waits for me</span>
      <Button
        size="sm"
        onClick={() => {
          void Notification.requestPermission().finally(onDone);
        }}
      >
        Yes
      </Button>
      <Button size="sm" look="ghost" onClick={onDone}>
        Not here
      </Button>
    </div>
  );
}
