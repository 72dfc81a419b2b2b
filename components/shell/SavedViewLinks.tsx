'use client';

import Link from 'next/link';
import { type ReactNode, useState } from 'react';
import ArrowDown from 'lucide-react/icons/arrow-down';
import ArrowUp from 'lucide-react/icons/arrow-up';
import Ellipsis from 'lucide-react/icons/ellipsis';
import Link2 from 'lucide-react/icons/link';
import Pencil from 'lucide-react/icons/pencil';
import Trash from 'lucide-react/icons/trash-2';
import { lookHref } from '@/components/queue/queue-href';
import { Icon } from '@/components/ui/Icon';
import { Menu, type MenuEntry } from '@/components/ui/Menu';
import { lazily } from '@/components/ui/lazily';
import { sameLook } from '@/lib/domain/queue';
import type { SavedView } from '@/lib/protocol/command/me';
import { lookAt } from './places';
import type { ShellProps } from './shell-props';

const SaveViewDialog = lazily(() => import('@/components/queue/SaveViewDialog').then((file) => file.SaveViewDialog));

/** This person's own views, under the system's. */
export function SavedViewLinks({ path, views, onSaveViews }: ShellProps): ReactNode {
  const look = lookAt(path);
  const [renaming, setRenaming] = useState<SavedView | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const save = async (next: readonly SavedView[]): Promise<string | null> => {
    const words = await onSaveViews(next);
    setSaid(words);
    return words;
  };
  return (
    <div className="nav-group">
      <div className="nav-label">Saved views</div>
      {views.map((view, index) => (
        <div key={view.name} className="nav-saved">
          <Link
            className="sub"
            href={lookHref(view.look)}
            aria-current={look !== null && sameLook(view.look, look) ? 'page' : undefined}
          >
            <span className="cut">{view.name}</span>
          </Link>
          <Menu
            label={`${view.name}: more`}
            look="btn ghost icon sm nav-saved-more"
            entries={entriesOf(view, index, {
              views,
              onRename: () => setRenaming(view),
              onSave: (next) => void save(next),
              onCopied: (words) => setSaid(words),
            })}
          >
            <Icon of={Ellipsis} size="sm" />
          </Menu>
        </div>
      ))}
      <p className="nav-said meta" role="status">
        {said}
      </p>
      {renaming === null ? null : (
        <SaveViewDialog
          taken={views}
          name={renaming.name}
          onClose={() => setRenaming(null)}
          onSave={(name) => save(views.map((view) => (view === renaming ? { ...view, name } : view)))}
        />
      )}
    </div>
  );
}

interface Acts {
  readonly views: readonly SavedView[];
  readonly onRename: () => void;
  readonly onSave: (views: readonly SavedView[]) => void;
  readonly onCopied: (words: string) => void;
}

function entriesOf(view: SavedView, index: number, acts: Acts): readonly MenuEntry[] {
  const { views, onRename, onSave, onCopied } = acts;
  const others = views.filter((other) => other !== view);
  const moved = (to: number): void => onSave([...others.slice(0, to), view, ...others.slice(to)]);
  const move = (label: string, icon: typeof ArrowUp, to: number): readonly MenuEntry[] =>
    to < 0 || to > others.length ? [] : [{ kind: 'action', label, icon, onPick: () => moved(to) }];
  return [
    { kind: 'action', label: 'Rename', icon: Pencil, onPick: onRename },
    ...move('Move up', ArrowUp, index - 1),
    ...move('Move down', ArrowDown, index + 1),
    {
      kind: 'action',
      label: 'Copy link',
      icon: Link2,
      onPick: () => {
        const address = `${window.location.origin}${lookHref(view.look)}`;
        void navigator.clipboard.writeText(address).then(
          () => onCopied('The link is copied.'),
          () => onCopied(`It could not be copied: ${address}`),
        );
      },
    },
    { kind: 'line' },
    { kind: 'action', label: 'Delete', icon: Trash, tone: 'danger', onPick: () => onSave(others) },
  ];
}
