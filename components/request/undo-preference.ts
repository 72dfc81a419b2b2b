/** This person's choice in this browser: `off` sends answers at once. Stored as `holdpoint.undo`. */
export const undoPreference = 'undo';
