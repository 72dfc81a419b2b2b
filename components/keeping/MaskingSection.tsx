'use client';

import { type ReactNode, useState } from 'react';
import Plus from 'lucide-react/icons/plus';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { type ActionState, useAction } from '@/components/admin/use-action';
import { Section } from '@/components/settings/Section';
import { Button } from '@/components/ui/Button';
import { Note } from '@/components/ui/Note';
import type { MaskingPreview, MaskingProblem, MaskingRule, MaskingVersion } from '@/lib/domain/masking/rule';
import { previewWords } from './count-words';
import type { KeepingDesk } from './keeping-props';
import { RuleFields } from './RuleFields';
import { type Preview, usePreview } from './use-preview';

export interface MaskingSectionProps {
  readonly masking: MaskingVersion;
  readonly desk: KeepingDesk;
}

const newRule: MaskingRule = {
  name: '',
  path: '$.',
  parts: ['arguments', 'results', 'answers'],
  server: null,
  tool: null,
};

/** The masking rules: a list that is saved as a whole. */
export function MaskingSection({ masking, desk }: MaskingSectionProps): ReactNode {
  const { rules, preview, problems, said, state, put, save } = useMaskingDraft(masking, desk);
  return (
    <Section
      title="What is masked"
      lead="Passwords, tokens, keys and card numbers are found and masked by themselves. A rule masks more: in lists, timelines, raw messages, notifications and exports. Agents and servers get every value as it is; who has to judge a masked argument reveals it in place, on record."
      action={
        <Button icon={Plus} onClick={() => put([...rules, newRule])}>
          Add a rule
        </Button>
      }
    >
      {rules.length === 0 ? <p className="t3">No rule yet: only what looks like a secret is masked.</p> : null}
      <ol className="kp-rules" aria-label="Masking rules">
        {rules.map((rule, index) => (
          <li key={index} className="card kp-rule">
            <RuleFields
              rule={rule}
              number={index + 1}
              problems={problems.filter((problem) => problem.index === index)}
              reach={preview.is === 'there' ? (preview.value.preview?.rules[index] ?? null) : null}
              onChange={(part) => put(rules.map((one, at) => (at === index ? { ...one, ...part } : one)))}
              onRemove={() => put(rules.filter((_one, at) => at !== index))}
            />
          </li>
        ))}
      </ol>
      <div className="kp-foot" aria-live="polite">
        <ReachWords preview={preview} />
        {said === 'saved' ? <span className="t2">Saved, and in force.</span> : null}
        <Button look="primary" disabled={state.is === 'busy' || problems.length > 0} onClick={save}>
          {state.is === 'busy' ? 'Saving' : 'Save masking'}
        </Button>
      </div>
      {state.is === 'refused' ? (
        <Note icon={TriangleAlert} tone="danger" live="alert">
          {state.message}
        </Note>
      ) : null}
    </Section>
  );
}

interface MaskingDraft {
  readonly rules: readonly MaskingRule[];
  readonly preview: Tried;
  readonly problems: readonly MaskingProblem[];
  readonly said: 'nothing' | 'saved';
  readonly state: ActionState;
  readonly put: (rules: readonly MaskingRule[]) => void;
  readonly save: () => void;
}

/** The rules as they are being written, and what they would do. */
function useMaskingDraft(masking: MaskingVersion, desk: KeepingDesk): MaskingDraft {
  const [rules, setRules] = useState(masking.rules);
  const [base, setBase] = useState(masking.version);
  const [said, setSaid] = useState<MaskingDraft['said']>('nothing');
  const { state, run } = useAction<MaskingVersion>((saved) => {
    setBase(saved.version);
    setRules(saved.rules);
    setSaid('saved');
  });
  const preview = usePreview(JSON.stringify(rules), () => desk.previewMasking(rules));
  const put = (next: readonly MaskingRule[]): void => {
    setSaid('nothing');
    setRules(next);
  };
  const problems = preview.is === 'there' ? preview.value.problems : [];
  return { rules, preview, problems, said, state, put, save: () => run(() => desk.saveMasking(base, rules)) };
}

type Tried = Preview<{ readonly preview: MaskingPreview | null; readonly problems: readonly MaskingProblem[] }>;

function ReachWords({ preview }: { readonly preview: Tried }): ReactNode {
  const isWrong = preview.is === 'there' && preview.value.problems.length > 0;
  return (
    <span className="t2 grow">
      {preview.is === 'waiting' ? 'Trying it on the last calls' : null}
      {preview.is === 'refused' ? preview.message : null}
      {preview.is === 'there' && preview.value.preview !== null
        ? previewWords(preview.value.preview.values, preview.value.preview.calls)
        : null}
      {isWrong ? 'A rule needs another look before this can be saved.' : null}
    </span>
  );
}
