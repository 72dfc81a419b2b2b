'use client';

import type { ReactNode } from 'react';
import Bell from 'lucide-react/icons/bell';
import BellOff from 'lucide-react/icons/bell-off';
import Check from 'lucide-react/icons/check';
import Mail from 'lucide-react/icons/mail';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { useAction } from '@/components/admin/use-action';
import { Button } from '@/components/ui/Button';
import { Note } from '@/components/ui/Note';
import { Status } from '@/components/ui/Status';
import { noticeKinds, noticeKindWords, type PersonPreferences, personChannels } from '@/lib/domain/notice';
import { preferenceProblem } from '@/lib/domain/notice/preference-problem';
import { KindsTable } from './KindsTable';
import { Section } from './Section';
import type { SettingsDesk } from './settings-props';
import { TestButton } from './TestButton';
import { same } from './times';
import { TimesFields } from './TimesFields';
import { type DesktopPermission, useDesktopPermission } from './use-desktop-permission';

export interface NotificationsTabProps {
  readonly saved: PersonPreferences;
  /** What is chosen and perhaps not saved yet. */
  readonly draft: PersonPreferences;
  /** Where mail would go; null when no mail server is configured. */
  readonly email: string | null;
  readonly now: number;
  readonly desk: SettingsDesk;
  /** Null to take back what is not saved. */
  readonly onDraft: (draft: PersonPreferences | null) => void;
}

const noMail = 'No mail server is configured';

export function NotificationsTab(props: NotificationsTabProps): ReactNode {
  const { draft, email, now, desk, onDraft } = props;
  return (
    <>
      <Section title="In this browser">
        <DesktopState desk={desk} />
      </Section>
      <Section title="E-mail">
        <MailState email={email} desk={desk} />
      </Section>
      <Section
        title="What you are told"
        lead="Only of what is yours to see, and never what is asked or answered: unless a rule marks a field as safe, you read it here. Links open pages and answer nothing."
      >
        <KindsTable
          label="What you are told, and where"
          rows={noticeKinds}
          words={(kind) => noticeKindWords[kind]}
          always="Always comes, through quiet hours as well"
          columns={[
            { channel: 'desktop', name: 'Desktop', offWhy: null },
            { channel: 'email', name: 'E-mail', offWhy: email === null ? noMail : null },
          ]}
          kinds={draft.kinds}
          onKinds={(kinds) => onDraft({ ...draft, kinds })}
        />
      </Section>
      <Section title="When">
        <TimesFields times={draft} now={now} onTimes={(times) => onDraft({ ...draft, ...times })} />
      </Section>
      <SaveBar {...props} />
    </>
  );
}

function SaveBar({ saved, draft, desk, onDraft }: NotificationsTabProps): ReactNode {
  const { state, run } = useAction<unknown>(() => onDraft(null));
  if (same(saved, draft)) return null;
  const problem = preferenceProblem(draft, personChannels);
  const words = state.is === 'refused' ? state.message : (problem ?? 'Not saved yet');
  return (
    <div className="st-save" role="region" aria-label="Not saved yet">
      <span className={`grow ${words === 'Not saved yet' ? 't2' : 'err'}`} role="status">
        {words}
      </span>
      <Button onClick={() => onDraft(null)}>Take back</Button>
      <Button
        look="primary"
        disabled={problem !== null || state.is === 'busy'}
        onClick={() => run(() => desk.saveNotices(draft))}
      >
        {state.is === 'busy' ? 'Saving' : 'Save'}
      </Button>
    </div>
  );
}

function DesktopState({ desk }: { readonly desk: SettingsDesk }): ReactNode {
  const { permission, ask } = useDesktopPermission();
  return (
    <>
      <div className="row wrap">
        <PermissionStatus permission={permission} />
        {permission === 'default' ? (
          <Button icon={Bell} onClick={ask}>
            Allow notifications
          </Button>
        ) : null}
        <TestButton
          label="Send a test"
          name="Send a test to this desktop"
          offWhy={permission === 'granted' ? null : 'This browser may not show notifications'}
          onTest={() => desk.test('desktop')}
        />
      </div>
      <PermissionHelp permission={permission} />
    </>
  );
}

function PermissionStatus({ permission }: { readonly permission: DesktopPermission }): ReactNode {
  switch (permission) {
    case 'granted':
      return (
        <Status icon={Check} tone="ok">
          allowed
        </Status>
      );
    case 'default':
      return <Status icon={Bell}>not asked yet</Status>;
    case 'denied':
      return (
        <Status icon={BellOff} tone="danger">
          blocked
        </Status>
      );
    case 'insecure':
    case 'missing':
      return <Status icon={BellOff}>not possible here</Status>;
  }
}

const permissionHelp: { readonly [P in DesktopPermission]: string | null } = {
  granted: null,
  default:
    'The browser asks you once. Notifications come while a page of Holdpoint is open, in the background as well.',
  denied:
    'This browser was told not to ask again. Click the icon left of the address, set Notifications to Allow, and reload the page. The operating system can also hold them back: look at its settings for this browser, and at “do not disturb”.',
  insecure: 'Browsers show notifications only for pages opened over https. Ask whoever runs Holdpoint.',
  missing: 'This browser knows no notifications. E-mail works.',
};

function PermissionHelp({ permission }: { readonly permission: DesktopPermission }): ReactNode {
  const words = permissionHelp[permission];
  if (words === null) return null;
  if (permission !== 'denied') return <p className="hint st-help">{words}</p>;
  return (
    <Note icon={TriangleAlert} tone="person">
      {words}
    </Note>
  );
}

function MailState({ email, desk }: Pick<NotificationsTabProps, 'email' | 'desk'>): ReactNode {
  if (email === null) {
    return (
      <Note icon={Mail}>
        <b className="medium">{noMail}.</b> Nothing is sent by e-mail until an admin adds{' '}
        <code className="mono">holdpoint.mail</code> to the configuration file.
      </Note>
    );
  }
  return (
    <div className="row wrap">
      <Status icon={Mail}>{email}</Status>
      <TestButton label="Send a test" name="Send a test by e-mail" offWhy={null} onTest={() => desk.test('email')} />
    </div>
  );
}
