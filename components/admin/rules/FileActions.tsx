'use client';

import { type ChangeEvent, type ReactNode, useRef, useState } from 'react';
import Download from 'lucide-react/icons/download';
import FileJson from 'lucide-react/icons/file-braces';
import Upload from 'lucide-react/icons/upload';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Icon } from '@/components/ui/Icon';
import { Menu } from '@/components/ui/Menu';
import { visibleText } from '@/components/ui/visible-text';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import { type FileProblem, fileProblems, largestFile, saveFile } from './rules-file';
import type { RulesDesk } from './rules-props';

export interface FileActionsProps {
  readonly version: number;
  readonly unsaved: number;
  readonly read: RulesDesk['import'];
  readonly write: RulesDesk['export'];
  /** A file was read: its rules become the draft. */
  readonly onRules: (rules: readonly PolicyRule[], file: string) => void;
}

interface Refused {
  readonly title: string;
  readonly problems: readonly FileProblem[];
}

const unanswered: readonly FileProblem[] = [{ line: null, rule: null, message: 'There was no answer. Try again.' }];

/** Rules to a file and from one. */
export function FileActions({ version, unsaved, read, write, onRules }: FileActionsProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const take = async (file: File): Promise<void> => {
    const title = `${file.name} was not imported`;
    const tell = (problems: readonly FileProblem[]): void => setRefused({ title, problems });
    if (file.size > largestFile) return tell([{ line: null, rule: null, message: 'It is larger than 1 MB.' }]);
    const reply = await read(await file.text());
    if (reply.ok) onRules(reply.value.rules, file.name);
    else tell(fileProblems(reply));
  };
  const picked = (event: ChangeEvent<HTMLInputElement>): void => {
    const [file] = event.target.files ?? [];
    event.target.value = '';
    if (file === undefined) return;
    take(file).catch(() => setRefused({ title: `${file.name} was not imported`, problems: unanswered }));
  };
  const save = (): void => {
    const title = 'The rules were not exported';
    write().then(
      (reply) => {
        if (reply.ok) saveFile(`holdpoint-rules-v${version}.json`, reply.value.text);
        else setRefused({ title, problems: fileProblems(reply) });
      },
      () => setRefused({ title, problems: unanswered }),
    );
  };
  return (
    <>
      <input ref={input} type="file" hidden accept=".json,application/json" onChange={picked} />
      <Menu
        label="Rules as a file"
        look="btn"
        align="end"
        entries={[
          {
            kind: 'action',
            label: 'Export',
            detail: unsaved === 0 ? `Version ${version}, as JSON` : `Version ${version}, without what is unsaved`,
            icon: Download,
            onPick: save,
          },
          {
            kind: 'action',
            label: 'Import',
            detail: 'A file becomes the draft; nothing is in force before you save',
            icon: Upload,
            onPick: () => input.current?.click(),
          },
        ]}
      >
        <Icon of={FileJson} size="sm" />
        <span className="wide">File</span>
      </Menu>
      {refused === null ? null : <RefusedDialog {...refused} onClose={() => setRefused(null)} />}
    </>
  );
}

function RefusedDialog({ title, problems, onClose }: Refused & { readonly onClose: () => void }): ReactNode {
  const footer = (
    <>
      <span className="grow" />
      <Button size="lg" onClick={onClose}>
        Close
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} ask={<p className="t2">Nothing was changed.</p>} footer={footer} size="lg">
      <div role="alert">
        <ul className="rl-problems">
          {problems.map(({ line, rule, message }, index) => (
            <li key={index}>
              <span className="num t3">{line === null ? '' : `line ${line}`}</span>
              <span>
                {rule === null ? null : <span className="mono">{visibleText(rule)}: </span>}
                {visibleText(message)}
              </span>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
