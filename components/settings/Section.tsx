import { type ReactNode, useId } from 'react';

export interface SectionProps {
  readonly title: string;
  readonly lead?: ReactNode;
  /** Beside the title. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** One subject of the settings. */
export function Section({ title, lead, action, children }: SectionProps): ReactNode {
  const id = useId();
  return (
    <section className="st-sect" aria-labelledby={id}>
      <div className="row">
        <h2 id={id} className="ad-h grow">
          {title}
        </h2>
        {action}
      </div>
      {lead === undefined ? null : <p className="t2 ad-lead">{lead}</p>}
      <div className="st-body">{children}</div>
    </section>
  );
}
