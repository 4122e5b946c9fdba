import type { MarginDay } from '../rolling.js';

/**
 * Days that a picture draws as lines: of each few days that share one of its columns, the one with the largest loss, so
 * that no loss that stands out is left away. At most `columns` days.
 */
export function drawnDays(days: readonly MarginDay[], columns: number): readonly MarginDay[] {
  const size = Math.max(1, Math.floor((days.length + columns - 1) / columns));
  const drawn: MarginDay[] = [];
  for (let from = 0; from < days.length; from += size) {
    const column = days.slice(from, from + size);
    drawn.push(column.reduce((worst, day) => (day.loss > worst.loss ? day : worst)));
  }
  return drawn;
}
