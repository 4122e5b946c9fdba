import type { Config, TopLevelSpec } from 'vega-lite';

/** Okabe and Ito's colours, which people who see few colours can tell apart. */
export const COLOURS = { requirement: '#0072B2', loss: '#9AA0A6', breach: '#D55E00', mark: '#444444' } as const;

export const CONFIG: Config = {
  font: 'Helvetica, Arial, sans-serif',
  background: '#ffffff',
  padding: 12,
  view: { stroke: null },
  title: { anchor: 'start', fontSize: 15, subtitleFontSize: 12, subtitleColor: '#555555', offset: 12 },
  axis: {
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: 'normal',
    gridColor: '#e8e8e8',
    domainColor: '#888888',
  },
  header: { labelFontSize: 12, labelFontWeight: 'bold' },
};

/** A chart with the frame that all of them share. */
export const chart = (spec: object): TopLevelSpec =>
  ({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', config: CONFIG, ...spec }) as TopLevelSpec;

/** Characters that fit into a line of a picture. */
export const TITLE_LINE = 68;
export const SUBTITLE_LINE = 86;

/** The texts in lines of at most that many characters, broken between words: a longer one would widen the picture. */
export function wrapped(texts: readonly string[], characters: number): string[] {
  const lines: string[] = [];
  for (const text of texts) {
    let line = '';
    for (const word of text.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > characters) {
        lines.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines;
}
