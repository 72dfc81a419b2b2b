import type { ReactNode } from 'react';
import { Bone, Skeleton } from '@/components/ui/Skeleton';

/** The shape of the figures that are coming. */
export function OverviewSkeleton(): ReactNode {
  return (
    <Skeleton label="Loading the overview">
      <div className="ov">
        <div className="tiles">
          {['60%', '48%', '70%', '55%', '40%', '66%'].map((width) => (
            <div key={width} className="tile ov-bones">
              <Bone width={width} height="8px" />
              <Bone width="42%" height="20px" />
              <Bone width="74%" height="8px" />
            </div>
          ))}
        </div>
        <div className="ov-2">
          {['a', 'b'].map((key) => (
            <div key={key} className="card ov-bones ov-bone-plot">
              <Bone width="30%" />
              <Bone width="100%" height="180px" />
            </div>
          ))}
        </div>
      </div>
    </Skeleton>
  );
}
