'use client';

import type { ReactNode } from 'react';
import Check from 'lucide-react/icons/check';
import { Refused } from '@/components/settings/FormButtons';
import { Button } from '@/components/ui/Button';
import type { ToolRow } from '@/lib/domain/server';
import { useAction } from '../use-action';
import type { ServersDesk } from './server-props';

export function AcceptButton({
  server,
  tool,
  desk,
  onAccepted,
}: {
  readonly server: string;
  readonly tool: Pick<ToolRow, 'tool' | 'digest'>;
  readonly desk: Pick<ServersDesk, 'accept'>;
  readonly onAccepted: () => void;
}): ReactNode {
  const { state, run } = useAction<unknown>(onAccepted);
  return (
    <>
      <Refused state={state} />
      <Button
        size="lg"
        look="primary"
        icon={Check}
        disabled={state.is === 'busy'}
        onClick={() => run(() => desk.accept(server, [{ tool: tool.tool, digest: tool.digest }]))}
      >
        {state.is === 'busy' ? 'Accepting' : 'Accept this definition'}
      </Button>
    </>
  );
}
