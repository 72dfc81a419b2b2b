import type { ReactNode } from 'react';
import './door.css';

export default function DoorLayout({ children }: { readonly children: ReactNode }): ReactNode {
  return children;
}
