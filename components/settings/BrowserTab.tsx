'use client';

import { type ReactNode, useId } from 'react';
import { undoPreference } from '@/components/request/undo-preference';
import { type ThemeChoice, themeChoices, useTheme } from '@/components/shell/theme';
import { usePreference, writePreference } from '@/components/ui/preference';
import { useKeysChoice } from '@/components/ui/use-keys';
import { Section } from './Section';
import { SwitchField } from './SwitchField';

const themeWords: { readonly [T in ThemeChoice]: { readonly name: string; readonly hint: string } } = {
  system: { name: 'As the system', hint: 'Follows light and dark' },
  light: { name: 'Light', hint: 'By day and night' },
  dark: { name: 'Dark', hint: 'By day and night' },
};

/** Choices that are kept in this browser alone and count at once. */
export function BrowserTab(): ReactNode {
  const [keys, setKeys] = useKeysChoice();
  const undo = usePreference(undoPreference) === 'off' ? 'off' : 'on';
  return (
    <>
      <Section title="Answering" lead="These are kept in this browser and count at once.">
        <SwitchField
          label="Time to undo"
          hint="An answer can be taken back for 4 seconds before it is sent, when the deadline is far. Off: it is sent at once."
          is={undo}
          onIs={(is) => writePreference(undoPreference, is)}
        />
        <SwitchField
          label="Keys"
          hint="Single keys such as j, k, a and d. They are never taken from a field you type in."
          is={keys}
          onIs={setKeys}
        />
      </Section>
      <ThemeSection />
    </>
  );
}

function ThemeSection(): ReactNode {
  const group = useId();
  const [theme, setTheme] = useTheme();
  return (
    <Section title="Look">
      <fieldset className="field">
        <legend>Theme</legend>
        <div className="choices st-themes">
          {themeChoices.map((choice) => (
            <label key={choice} className="choice">
              <input type="radio" name={group} checked={theme === choice} onChange={() => setTheme(choice)} />
              <span>{themeWords[choice].name}</span>
              <small>{themeWords[choice].hint}</small>
            </label>
          ))}
        </div>
      </fieldset>
    </Section>
  );
}
