import { may, type Role } from '@/lib/domain/permission';
import type { SettingsTab } from './settings-props';

export const tabNames: { readonly [T in SettingsTab]: string } = {
  away: 'Out of office',
  notifications: 'Notifications',
  tokens: 'API tokens',
  browser: 'This browser',
  places: 'Places',
  deliveries: 'Delivery log',
  keeping: 'Keeping',
};

const everyones: readonly SettingsTab[] = ['away', 'notifications', 'tokens', 'browser'];

export function tabsFor(role: Role): readonly SettingsTab[] {
  const own: readonly SettingsTab[] = may(role, 'notice.manage')
    ? [...everyones, 'places', 'deliveries']
    : [...everyones, 'deliveries'];
  return may(role, 'keeping.manage') ? [...own, 'keeping'] : own;
}

/** The tab an address names; the first for anything else. */
export function readTab(text: string | null): SettingsTab {
  const known: readonly SettingsTab[] = [...everyones, 'places', 'deliveries', 'keeping'];
  return known.find((tab) => tab === text) ?? 'away';
}

export function tabHref(tab: SettingsTab): string {
  return tab === 'away' ? '/settings' : `/settings?tab=${tab}`;
}
