/** The report's own look: it loads nothing. Shape carries the meaning on a printer without colours too. */
export const reportStyle = `
:root { color-scheme: light; --text: #14171c; --text-2: #474e59; --line: #cdd2d9; --work: #3f5670; --person: #8a5200; --model: #6a3fb0; --danger: #b0241b; }
body { margin: 32px; font: 13px/20px system-ui, sans-serif; color: var(--text); background: #fff; }
h1 { font-size: 20px; line-height: 26px; margin: 0; } h1 span { font-weight: 400; color: var(--text-2); }
h2 { font-size: 16px; line-height: 24px; margin: 24px 0 8px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 16px 0; } dt { color: var(--text-2); } dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; font-size: 12px; line-height: 16px; }
th, td { padding: 4px 8px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--text-2); font-weight: 500; } .r { text-align: right; font-variant-numeric: tabular-nums; }
.mono { font: 11.5px/16px ui-monospace, monospace; }
/* Names and words are anybody's and may be of any length; times and figures stay whole. */
th, .r, .at { white-space: nowrap; }
td { overflow-wrap: anywhere; min-width: 72px; } .r, .at { overflow-wrap: normal; min-width: 0; } .calls td:last-child { min-width: 240px; }
.calls td:nth-last-child(2) { min-width: 150px; } .events td:nth-child(3) { min-width: 220px; }
tr.danger td:nth-child(3) { color: var(--danger); }
.legend { color: var(--text-2); font-size: 12px; } .legend svg:not(:first-child) { margin-left: 12px; }
.work { fill: var(--work); } .held { fill: var(--line); } .people { fill: #f4e3c4; stroke: var(--person); } .model { fill: #e6dcf7; stroke: var(--model); stroke-dasharray: 2 1; }
thead { display: table-header-group; } tr { break-inside: avoid; }
@page { size: A4 landscape; margin: 14mm; }
@media print { body { margin: 0; font-size: 10pt; } }
@media (max-width: 720px) { body { margin: 16px; } table { display: block; overflow-x: auto; } }
`;
