import { jsonReport } from './json.js';
import { markdownReport } from './markdown.js';
import { comparisonPicture, procyclicalityPicture, requirementPicture } from './pictures.js';
import type { BacktestReport } from './report.js';
import { svgOf } from './svg.js';

/** The files of a report by name: report.md, report.json and the pictures. The same report gives the same bytes. */
export async function reportFiles(report: BacktestReport): Promise<ReadonlyMap<string, string>> {
  const single = report.assessments.length === 1;
  const specs = [
    ...(single ? [] : [['requirements.svg', comparisonPicture(report)] as const]),
    ...[['procyclicality.svg', procyclicalityPicture(report)] as const],
    ...report.assessments.map(
      (assessment) => [`requirement-${assessment.rule.name}.svg`, requirementPicture(report, assessment)] as const,
    ),
  ];
  const files = new Map<string, string>();
  for (const [name, spec] of specs) files.set(name, await svgOf(spec));
  const pictures = [...files.keys()];
  return new Map([['report.md', markdownReport(report, pictures)], ['report.json', jsonReport(report)], ...files]);
}
