import type { ReactNode } from 'react';
import WifiOff from 'lucide-react/icons/wifi-off';
import { EmptyState } from '@/components/ui/EmptyState';
import { Bone, Skeleton } from '@/components/ui/Skeleton';

export function QueueUnreached(): ReactNode {
  return (
    <EmptyState icon={WifiOff} title="Not connected yet">
      The queue shows up as soon as the line is there. Nothing you did is lost.
    </EmptyState>
  );
}

export function QueueLoading(): ReactNode {
  return (
    <Skeleton label="Loading the queue">
      <div className="q-group">
        <Bone width="120px" height="8px" />
      </div>
      {[62, 48, 70, 55, 64, 44, 58].map((width) => (
        <div key={width} className="q-bone">
          <Bone width="16px" height="16px" />
          <div>
            <Bone width={`${width}%`} />
            <Bone width={`${100 - width}%`} height="8px" />
          </div>
          <Bone width="40px" />
        </div>
      ))}
    </Skeleton>
  );
}
