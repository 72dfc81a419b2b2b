import type { ReactNode } from 'react';
import { Bone, Skeleton } from '@/components/ui/Skeleton';

const lanes = [
  { name: '52%', left: '4%', width: '18%' },
  { name: '64%', left: '10%', width: '46%' },
  { name: '48%', left: '38%', width: '12%' },
  { name: '58%', left: '56%', width: '30%' },
] as const;

/** The shape of a session page. */
export function SessionSkeleton(): ReactNode {
  return (
    <Skeleton label="Loading the session">
      <div className="s-head">
        <div className="s-verdict">
          <Bone width="36px" height="36px" />
          <div className="stack grow">
            <Bone width="min(320px, 70%)" height="18px" />
            <Bone width="min(420px, 90%)" />
          </div>
        </div>
      </div>
      <div className="tl-tools">
        <Bone width="160px" />
      </div>
      {lanes.map((lane) => (
        <div key={lane.name} className="sk-lane">
          <Bone width={lane.name} />
          <span style={{ paddingLeft: lane.left }}>
            <Bone width={lane.width} height="8px" />
          </span>
        </div>
      ))}
    </Skeleton>
  );
}
