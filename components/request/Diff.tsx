import type { ReactNode } from 'react';
import { visibleText } from '@/components/ui/visible-text';
import type { Change } from '@/lib/domain/policy/pointer';
import { type DiffLine, linesOfChange, placeWords } from './diff-lines';

const signs: { readonly [K in DiffLine['kind']]: string } = { same: '', del: '-', add: '+' };
const spoken: { readonly [K in DiffLine['kind']]: string } = { same: '', del: 'before: ', add: 'after: ' };

/** Each place that changed, with what stood there and what stands there now. */
export function Diff({ changes }: { readonly changes: readonly Change[] }): ReactNode {
  return (
    <ul className="a-diff">
      {changes.map((change) => (
        <li key={change.pointer}>
          <p className="a-diff-place">
            <span className="mono">{visibleText(placeWords(change.pointer))}</span>
            {change.before === undefined ? <span className="meta"> added</span> : null}
            {change.after === undefined ? <span className="meta"> removed</span> : null}
          </p>
          <div className="diff">
            {linesOfChange(change).map((line, index) => (
              <div key={index} className={line.kind === 'same' ? '' : line.kind}>
                <span />
                <span aria-hidden="true">{signs[line.kind]}</span>
                <span>
                  <span className="sr">{spoken[line.kind]}</span>
                  <Marked line={line} />
                </span>
              </div>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Marked({ line: { text, mark } }: { readonly line: DiffLine }): ReactNode {
  if (mark === null || mark[0] === mark[1]) return visibleText(text);
  return (
    <>
      {visibleText(text.slice(0, mark[0]))}
      <mark>{visibleText(text.slice(mark[0], mark[1]))}</mark>
      {visibleText(text.slice(mark[1]))}
    </>
  );
}
