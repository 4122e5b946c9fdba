import type { TopLevelSpec } from 'vega-lite';
import { type Assessment, CALL_STEPS } from '../assessment.js';
import { drawnDays } from './days.js';
import { decimal } from './figures.js';
import { type BacktestReport, momentOf, originsOf, positionName, termsText } from './report.js';
import { COLOURS, chart, SUBTITLE_LINE, TITLE_LINE, wrapped } from './style.js';

const WIDTH = 860;
const PERCENT_AXIS = { title: '% of position value', tickCount: 6 };

/** One rule: its requirement against what was lost, every breach marked. */
export function requirementPicture(report: BacktestReport, assessment: Assessment): TopLevelSpec {
  const { rule, breaches, tested, expectedBreaches } = assessment;
  const time = timeOf(report);
  const rows = drawnDays(assessment.days, WIDTH).map(({ at, requirement, loss }) => ({
    time: momentOf(report, at),
    requirement: requirement * 100,
    loss: Math.max(0, loss) * 100,
  }));
  return chart({
    title: {
      text: wrapped([`${rule.name}: requirement and realised loss, ${positionName(report)}`], TITLE_LINE),
      subtitle: wrapped(
        [
          `${termsText(report)}. ${breaches.length} breaches in ${tested} tests, ${decimal(expectedBreaches, 1)} expected.`,
          ...originsOf(report),
        ],
        SUBTITLE_LINE,
      ),
    },
    width: WIDTH,
    height: 300,
    layer: [
      line(rows, time, 'loss', COLOURS.loss, 0.8, 'realised loss'),
      line(rows, time, 'requirement', COLOURS.requirement, 1.6, 'requirement'),
      {
        data: {
          values: breaches.map(({ at, loss }) => ({ time: momentOf(report, at), loss: loss * 100, what: 'breach' })),
        },
        mark: { type: 'point', filled: true, size: 42, opacity: 1 },
        encoding: {
          x: time,
          y: { field: 'loss', type: 'quantitative', axis: PERCENT_AXIS },
          color: { field: 'what', type: 'nominal', ...LEGEND },
        },
      },
    ],
  });
}

const FIVE_YEARS = 5 * 365 * 86_400_000;

/** The axis of time, in UTC: years over a long span, days over a short one. */
function timeOf(report: BacktestReport): object {
  const days = report.assessments[0]?.days ?? [];
  const span = momentOf(report, days.at(-1)?.at ?? 0) - momentOf(report, days[0]?.at ?? 0);
  const format = span > FIVE_YEARS ? '%Y' : '%-d %b %Y';
  const axis = { title: null, grid: false, format, tickCount: span > FIVE_YEARS ? 16 : 8 };
  return { field: 'time', type: 'temporal', scale: { type: 'utc' }, axis };
}

const NAMES = ['requirement', 'realised loss', 'breach'];
const LEGEND = {
  scale: { domain: NAMES, range: [COLOURS.requirement, COLOURS.loss, COLOURS.breach] },
  legend: { title: null, orient: 'top', symbolType: 'circle', symbolStrokeWidth: 0, columnPadding: 24 },
};

const line = (rows: readonly object[], time: object, field: string, colour: string, width: number, what: string) => ({
  data: { values: rows },
  transform: [{ calculate: `'${what}'`, as: 'what' }],
  mark: { type: 'line', strokeWidth: width, color: colour },
  encoding: {
    x: time,
    y: { field, type: 'quantitative', axis: PERCENT_AXIS },
    color: { field: 'what', type: 'nominal', ...LEGEND },
  },
});

/** All rules below each other on one scale. */
export function comparisonPicture(report: BacktestReport): TopLevelSpec {
  const time = timeOf(report);
  const names = report.assessments.map(({ rule }) => rule.name);
  const rows = report.assessments.flatMap(({ rule, days }) =>
    drawnDays(days, WIDTH / 2).map(({ at, requirement }) => ({
      rule: rule.name,
      time: momentOf(report, at),
      requirement: requirement * 100,
    })),
  );
  const breaches = report.assessments.flatMap((assessment) =>
    assessment.breaches.map(({ at, loss }) => ({
      rule: assessment.rule.name,
      time: momentOf(report, at),
      breach: loss * 100,
    })),
  );
  const y = (field: string) => ({ field, type: 'quantitative', axis: { title: null, tickCount: 3 } });
  return chart({
    title: {
      text: wrapped([`Requirements in % of value, and losses beyond: ${positionName(report)}`], TITLE_LINE),
      subtitle: wrapped([termsText(report), ...originsOf(report)], SUBTITLE_LINE),
    },
    data: { values: [...rows, ...breaches] },
    facet: {
      row: {
        field: 'rule',
        type: 'nominal',
        sort: names,
        header: { title: null, labelOrient: 'top', labelAnchor: 'start', labelPadding: 2 },
      },
    },
    spacing: 10,
    spec: {
      width: WIDTH,
      height: 76,
      layer: [
        {
          transform: [{ filter: 'isValid(datum.requirement)' }],
          mark: { type: 'line', strokeWidth: 1.4, color: COLOURS.requirement },
          encoding: { x: time, y: y('requirement') },
        },
        {
          transform: [{ filter: 'isValid(datum.breach)' }],
          mark: { type: 'point', filled: true, size: 20, opacity: 1, color: COLOURS.breach },
          encoding: { x: time, y: y('breach') },
        },
      ],
    },
  });
}

/** What each rule costs, how it moves, and how often it was not enough. */
export function procyclicalityPicture(report: BacktestReport): TopLevelSpec {
  const names = report.assessments.map(({ rule }) => rule.name);
  const expected = report.assessments[0]?.expectedBreaches ?? 0;
  const panel = (title: string, decimals: number, figureOf: (assessment: Assessment) => number) => ({
    width: 160,
    height: 26 * names.length,
    title: { text: title, fontSize: 12, fontWeight: 'normal', frame: 'group', offset: 6 },
    data: {
      values: report.assessments.map((assessment) => ({
        rule: assessment.rule.name,
        value: figureOf(assessment),
        label: decimal(figureOf(assessment), decimals),
      })),
    },
    encoding: {
      y: { field: 'rule', type: 'nominal', sort: names, axis: { title: null, ticks: false, domain: false } },
    },
    layer: [
      {
        mark: { type: 'bar', color: COLOURS.requirement, height: { band: 0.6 } },
        encoding: { x: { field: 'value', type: 'quantitative', axis: { title: null, tickCount: 3 } } },
      },
      {
        mark: { type: 'text', align: 'left', dx: 4, fontSize: 11, color: COLOURS.mark },
        encoding: { x: { field: 'value', type: 'quantitative' }, text: { field: 'label', type: 'nominal' } },
      },
    ],
  });
  const unnamed = (one: ReturnType<typeof panel>) => ({
    ...one,
    encoding: { y: { ...one.encoding.y, axis: null } },
  });
  const breaches = panel(`breaches, ${decimal(expected, 1)} expected`, 0, ({ breaches }) => breaches.length);
  const expectation = {
    data: { values: [{ expected }] },
    mark: { type: 'rule', color: COLOURS.breach, strokeWidth: 1.5, strokeDash: [4, 3] },
    encoding: { x: { field: 'expected', type: 'quantitative' }, y: null },
  };
  return chart({
    title: {
      text: wrapped([`Cost, movement and breaches: ${positionName(report)}`], TITLE_LINE),
      subtitle: wrapped([termsText(report), ...originsOf(report)], SUBTITLE_LINE),
    },
    spacing: 48,
    hconcat: [
      panel('average requirement, %', 2, ({ procyclicality }) => procyclicality.average * 100),
      unnamed(panel('peak to trough', 1, ({ procyclicality }) => procyclicality.peakToTrough ?? 0)),
      unnamed(
        panel(`largest call, ${CALL_STEPS} steps, %`, 2, ({ procyclicality }) => procyclicality.largestCall * 100),
      ),
      unnamed({ ...breaches, layer: [...breaches.layer, expectation] as typeof breaches.layer }),
    ],
  });
}
