import type { ReactNode, RefObject } from 'react';
import Search from 'lucide-react/icons/search';
import { Icon } from '@/components/ui/Icon';

export interface FinderProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly field?: RefObject<HTMLInputElement | null>;
}

/** A search field of a toolbar. */
export function Finder({ label, placeholder, value, onValue, field }: FinderProps): ReactNode {
  return (
    <div className="find">
      <Icon of={Search} size="sm" />
      <input
        ref={field}
        className="input"
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        maxLength={200}
        onChange={(event) => onValue(event.target.value)}
      />
    </div>
  );
}
