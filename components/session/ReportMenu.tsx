import type { ReactNode } from 'react';
import Download from 'lucide-react/icons/download';
import FileText from 'lucide-react/icons/file-text';
import Printer from 'lucide-react/icons/printer';
import { Icon } from '@/components/ui/Icon';
import { Menu } from '@/components/ui/Menu';
import type { SessionId } from '@/lib/domain/ids';

/** What is known of the session as a file: to print, to keep, or for a program. */
export function ReportMenu({ sessionId }: { readonly sessionId: SessionId }): ReactNode {
  const address = (format: 'html' | 'jsonl'): string => `/api/v1/sessions/${sessionId}/report?format=${format}`;
  return (
    <Menu
      label="Report"
      look="btn sm"
      align="end"
      entries={[
        {
          kind: 'action',
          label: 'Open to print',
          detail: 'One page, in a new tab',
          icon: Printer,
          onPick: () => void window.open(address('html'), '_blank', 'noopener'),
        },
        {
          kind: 'action',
          label: 'Save as a page',
          detail: 'HTML, needs nothing else',
          icon: Download,
          onPick: () => save(address('html'), `holdpoint-${sessionId}.html`),
        },
        {
          kind: 'action',
          label: 'Save as JSON lines',
          detail: 'One event a line',
          icon: Download,
          onPick: () => save(address('jsonl'), `holdpoint-${sessionId}.jsonl`),
        },
      ]}
    >
      <Icon of={FileText} size="sm" />
      <span className="wide">Report</span>
    </Menu>
  );
}

function save(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
}
