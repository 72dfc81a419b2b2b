'use client';

import { type ReactNode, useState } from 'react';
import { type AdminData, AdminPage, type AdminPageProps } from '@/components/admin/AdminPage';
import { DeliveriesTab } from '@/components/admin/places/DeliveriesTab';
import { PlacesTab } from '@/components/admin/places/PlacesTab';
import { TabRow } from '@/components/admin/TabRow';
import type { Colleague, TokenRow } from '@/lib/domain/directory';
import type { PersonPreferences } from '@/lib/domain/notice';
import { may, type Person } from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';
import type { Away } from '@/lib/domain/team';
import { AwayTab } from './AwayTab';
import { BrowserTab } from './BrowserTab';
import { NotificationsTab } from './NotificationsTab';
import type { PlacesView, SettingsDesk, SettingsTab } from './settings-props';
import { tabNames, tabsFor } from './tabs';
import { browserZone, startingFrom } from './times';
import { TokensTab } from './TokensTab';
import { useTabFocus } from './use-tab-focus';

export interface OwnSettings {
  readonly away: Away | null;
  readonly tokens: readonly TokenRow[];
  readonly colleagues: readonly Colleague[];
}

export interface OwnNotices {
  readonly preferences: PersonPreferences;
  readonly email: string | null;
}

export interface SettingsScreenProps {
  readonly tab: SettingsTab;
  readonly onTab: (tab: SettingsTab) => void;
  readonly person: Person;
  readonly now: number;
  readonly baseUrl: string;
  readonly own: AdminData<OwnSettings>;
  readonly notices: AdminData<OwnNotices>;
  readonly places: AdminData<PlacesView>;
  readonly desk: SettingsDesk;
  /** For admins: what is masked and how long it is kept, in its frame. */
  readonly keeping: (frame: Omit<AdminPageProps<null>, 'data' | 'children'>) => ReactNode;
  readonly onRetry: () => void;
}

const nothing: AdminData<null> = { is: 'ready', value: null };

/** What belongs to the person who is signed in, and for admins where teams are told. */
export function SettingsScreen(props: SettingsScreenProps): ReactNode {
  const { tab, person, onRetry, places, now, desk } = props;
  const onTab = useTabFocus(tab, props.onTab);
  // Kept here, so that looking at another tab loses nothing of it.
  const [draft, setDraft] = useState<PersonPreferences | null>(null);
  const frame: Frame = {
    title: 'Settings',
    count: null,
    onRetry,
    tabs: (
      <TabRow
        label="Settings"
        tabs={tabsFor(person.role).map((key) => ({ key, label: tabNames[key] }))}
        open={tab}
        onOpen={onTab}
      />
    ),
  };
  switch (tab) {
    case 'away':
    case 'tokens':
      return <OwnTab {...props} frame={frame} />;
    case 'notifications':
      return <NoticesTab {...props} frame={frame} draft={draft} onDraft={setDraft} />;
    case 'browser':
      return (
        <AdminPage {...frame} data={nothing}>
          {() => <BrowserTab />}
        </AdminPage>
      );
    case 'places': {
      const why = whyNot(person.role, 'notice.manage');
      return (
        <AdminPage
          {...frame}
          title={why === null ? 'Settings' : 'Places'}
          data={why === null ? places : { is: 'forbidden', message: why }}
        >
          {(view) => <PlacesTab view={view} now={now} desk={desk} />}
        </AdminPage>
      );
    }
    case 'keeping': {
      const why = whyNot(person.role, 'keeping.manage');
      if (why === null) return props.keeping(frame);
      return (
        <AdminPage {...frame} title="Keeping" data={{ is: 'forbidden', message: why }}>
          {() => null}
        </AdminPage>
      );
    }
    case 'deliveries':
      return (
        <AdminPage {...frame} data={nothing}>
          {() => <DeliveriesTab now={now} sees={may(person.role, 'notice.manage') ? 'everyone' : 'own'} desk={desk} />}
        </AdminPage>
      );
  }
}

type Frame = Omit<AdminPageProps<null>, 'data' | 'children'>;

interface TabProps extends SettingsScreenProps {
  readonly frame: Frame;
}

function OwnTab({ tab, frame, own, person, now, baseUrl, desk }: TabProps): ReactNode {
  return (
    <AdminPage {...frame} data={own}>
      {({ away, colleagues, tokens }) =>
        tab === 'away' ? (
          <AwayTab away={away} colleagues={colleagues} role={person.role} now={now} desk={desk} />
        ) : (
          <TokensTab tokens={tokens} baseUrl={baseUrl} now={now} desk={desk} />
        )
      }
    </AdminPage>
  );
}

interface NoticesTabProps extends TabProps {
  readonly draft: PersonPreferences | null;
  readonly onDraft: (draft: PersonPreferences | null) => void;
}

function NoticesTab({ frame, notices, now, desk, draft, onDraft }: NoticesTabProps): ReactNode {
  return (
    <AdminPage {...frame} data={notices}>
      {({ preferences, email }) => {
        const saved = startingFrom(preferences, browserZone());
        return (
          <NotificationsTab
            saved={saved}
            draft={draft ?? saved}
            email={email}
            now={now}
            desk={desk}
            onDraft={onDraft}
          />
        );
      }}
    </AdminPage>
  );
}
