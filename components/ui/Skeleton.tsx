'use client';

import { type ReactNode, useEffect, useState } from 'react';

const showAfterMs = 300;

export interface SkeletonProps {
  /** What is being loaded, for a screen reader. */
  readonly label: string;
  readonly children: ReactNode;
}

/** Nothing for the first 300 ms, then the shape of what is coming. */
export function Skeleton({ label, children }: SkeletonProps): ReactNode {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), showAfterMs);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div className="skeleton">
      <div aria-hidden="true">{children}</div>
      <span className="sr" role="status">
        {label}
      </span>
    </div>
  );
}

/** One grey bar; sizes in CSS lengths. */
export function Bone({ width, height = '10px' }: { readonly width: string; readonly height?: string }): ReactNode {
  return <span className="sk" style={{ width, height }} />;
}
