import type { ReactNode } from 'react';
import { DeskContainer } from '@/components/live/containers/DeskContainer';

export default function DeskLayout({ children }: { readonly children: ReactNode }): ReactNode {
  return <DeskContainer>{children}</DeskContainer>;
}
