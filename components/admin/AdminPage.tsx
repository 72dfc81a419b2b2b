import type { LucideIcon } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { CouldNotRead, MayNotRead } from '@/components/ui/Unread';
import { EmptyState } from '@/components/ui/EmptyState';
import { useHeldFocus } from '@/components/ui/held-focus';
import { Bone, Skeleton } from '@/components/ui/Skeleton';

/** What an admin screen has to show. `forbidden` carries the server's words. */
export type AdminData<T> =
  | { readonly is: 'loading' }
  | { readonly is: 'failed'; readonly message: string }
  | { readonly is: 'forbidden'; readonly message: string }
  | { readonly is: 'ready'; readonly value: T };

export interface AdminPageProps<T> {
  readonly title: string;
  /** What is loaded, at the beginning of a sentence; its title unless told. */
  readonly what?: string;
  readonly count: number | null;
  readonly data: AdminData<T>;
  readonly action?: ReactNode;
  /** A row of tabs under the title. */
  readonly tabs?: ReactNode;
  readonly onRetry: () => void;
  readonly children: (value: T) => ReactNode;
}

/** The frame of an admin screen and its loading, failed and no-permission states. */
export function AdminPage<T>(props: AdminPageProps<T>): ReactNode {
  const { title, what = title, count, data, action, tabs, onRetry, children } = props;
  return (
    <div className="main ad-page">
      <header className="bar">
        <h1 className="page-title">{title}</h1>
        {count === null || count === 0 ? null : <span className="count">{count}</span>}
        <span className="grow" />
        {data.is === 'ready' ? action : null}
      </header>
      {tabs}
      <Content title={title} what={what} data={data} onRetry={onRetry}>
        {children}
      </Content>
    </div>
  );
}

function Content<T>({
  title,
  what,
  data,
  onRetry,
  children,
}: Pick<AdminPageProps<T>, 'title' | 'data' | 'onRetry' | 'children'> & { readonly what: string }): ReactNode {
  switch (data.is) {
    case 'loading':
      return (
        <Skeleton label={`Loading ${what.toLowerCase()}`}>
          {['30%', '44%', '36%', '50%'].map((width) => (
            <div key={width} className="sk-ad">
              <Bone width="140px" />
              <Bone width={width} height="8px" />
              <Bone width="60px" />
            </div>
          ))}
        </Skeleton>
      );
    case 'forbidden':
      return <MayNotRead title={`${title} are for admins`} message={data.message} />;
    case 'failed':
      return <CouldNotRead title={`${what} could not be loaded`} message={data.message} onRetry={onRetry} />;
    case 'ready':
      return <Ready title={title}>{children(data.value)}</Ready>;
  }
}

function Ready({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  const ref = useRef<HTMLElement>(null);
  useHeldFocus(ref);
  return (
    <section className="scroll" aria-label={title} ref={ref}>
      {children}
    </section>
  );
}

/** An empty table, in its pane. */
export function NoneYet({
  icon,
  title,
  children,
  actions,
}: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}): ReactNode {
  return (
    <EmptyState icon={icon} title={title} actions={actions}>
      {children}
    </EmptyState>
  );
}
