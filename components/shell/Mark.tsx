import type { ReactNode } from 'react';

/** Two bars and a point: hold, then go on. */
export function Mark(): ReactNode {
  return (
    <svg className="mark" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <rect width="20" height="20" rx="5" fill="var(--text)" />
      <path d="M6 5v10M10 5v10" stroke="var(--bg)" strokeWidth="2" strokeLinecap="round" />
      <circle cx="14.2" cy="10" r="1.7" fill="var(--bg)" />
    </svg>
  );
}
