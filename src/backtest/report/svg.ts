import { parse, textMetrics, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

declare module 'vega' {
  /** How texts are measured; exported by the package, and missing in its types. */
  const textMetrics: { canvas(use: boolean): void };
}

/**
 * The picture of a chart as SVG text. Widths of texts are estimated, never measured by a canvas that one machine has and
 * another has not, so that the bytes are the same everywhere.
 */
export async function svgOf(spec: TopLevelSpec): Promise<string> {
  textMetrics.canvas(false);
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}
