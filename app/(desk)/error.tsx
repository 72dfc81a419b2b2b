'use client';

import type { ReactNode } from 'react';

/** In place of a screen that stopped by a fault of ours; the way to other screens stays. It needs nothing of theirs. */
export default function ScreenStopped({ reset }: { readonly reset: () => void }): ReactNode {
  return (
    <div className="main">
      <div className="blank" role="alert">
        <h2 className="blank-title">This screen stopped working</h2>
        <div className="blank-text">
          It is a fault of Holdpoint’s page; calls and requests go on. What you typed into a request is kept.
        </div>
        <div className="row wrap blank-actions">
          <button type="button" className="btn" onClick={reset}>
            Open it again
          </button>
          <a className="btn" href="/queue">
            Go to the queue
          </a>
        </div>
      </div>
    </div>
  );
}
