import type { ReactNode } from 'react';

/**
 * The same words for "is not there" and "is not yours" (I11). Drawn without a script: what this page needs in the
 * browser comes ahead of every other page.
 */
export default function NotFound(): ReactNode {
  return (
    <main className="screen lone" id="main">
      <div className="blank">
        <span className="glyph">
          <Question />
        </span>
        <h2 className="blank-title">Nothing here, or not yours to see</h2>
        <div className="blank-text">The address may be old, or mistyped.</div>
        <div className="row wrap blank-actions">
          <a className="btn" href="/queue">
            Go to the queue
          </a>
        </div>
      </div>
    </main>
  );
}

function Question(): ReactNode {
  return (
    <svg className="i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <circle cx="12" cy="12" r="10" />
      <path d="M9 9.5a3 2.5 0 0 1 6 0c0 2-2 2-3 3.5M12 17h.01" />
    </svg>
  );
}
