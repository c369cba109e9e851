/**
 * One bar per day, drawn on a canvas that follows the theme and the width. The day that is pointed at, by pointer or by
 * arrow keys, is told with its value; Enter or a click shows its sessions. The content is also given as text.
 */
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { formatDayName, startOfNamedDay } from '../../state/format';
import { getLanguage, t } from '../../state/words';
import { usePlotCursor } from './plot-cursor';

export interface PlotProps {
  /** E.g. `2026-11-22`, oldest first. */
  days: readonly string[];
  values: readonly number[];
  /** Name of an editor colour, e.g. `--vscode-charts-blue`. */
  color: string;
  format: (value: number) => string;
  /** The content as a sentence, for screen readers. */
  label: string;
  /** Shows the sessions of a day. */
  onOpenDay: (day: string) => void;
}

const height = 110;
/** In seconds: space for half a bar at both ends. */
const halfDay = 43_200;
/** Pixels for the label of a day, and for the axis. */
const dayRoom = 40;
const axisRoom = 46;
/** Of the highest bar: the label of the peak stands above it. */
const roomAbove = 1.2;
/** Three quarters of a day's width, at most 26 pixels. */
const bars = uPlot.paths.bars?.({ size: [0.75, 26], align: 0 });

export function Plot({ days, values, color, format, label, onOpenDay }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<uPlot>(undefined);
  const cursor = usePlotCursor(
    days.length,
    (clientX) => nearestDay(drawn.current, clientX),
    (index) => onOpenDay(days[index] ?? ''),
  );
  const latest = useRef(format);
  useEffect(() => {
    latest.current = format;
  });
  const key = JSON.stringify([days, values]);
  useEffect(() => {
    const element = box.current;
    // A test document cannot draw; the text beside the plot exists all the same.
    if (!element || !canDraw()) return undefined;
    const data: uPlot.AlignedData = [
      days.map((day) => startOfNamedDay(day) / 1000),
      values.map((value) => (value === 0 ? null : value)),
    ];
    // Colours are fixed when the plot is created, so another theme needs a new plot.
    const draw = () => {
      drawn.current?.destroy();
      drawn.current = new uPlot(
        optionsFor(element, color, (value) => latest.current(value)),
        data,
        element,
      );
    };
    draw();
    const sizes = new ResizeObserver(() => {
      if (element.clientWidth > 0) drawn.current?.setSize({ width: element.clientWidth, height });
    });
    sizes.observe(element);
    const themes = new MutationObserver(draw);
    themes.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
    return () => {
      sizes.disconnect();
      themes.disconnect();
      drawn.current?.destroy();
      drawn.current = undefined;
    };
    // oxlint-disable-next-line react/exhaustive-deps -- `key` stands for days and values
  }, [key, color]);
  const { at = days.length - 1 } = cursor;
  const told = `${formatDayName(days[at] ?? '')}: ${format(values[at] ?? 0)}`;
  return (
    <div className="plot-frame">
      <div
        ref={box}
        className="plot"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={days.length - 1}
        aria-valuenow={at}
        aria-valuetext={told}
        title={t('Enter shows the sessions of the day')}
        {...cursor.listen}
      />
      {cursor.at !== undefined && (
        <span
          className="plot-value"
          aria-hidden
          style={{ insetInlineStart: `${shareOf(drawn.current, at, days.length)}%` }}
        >
          {told}
        </span>
      )}
    </div>
  );
}

/** Index of the day whose bar is nearest to a place in the window. */
function nearestDay(plot: uPlot | undefined, clientX: number): number | undefined {
  if (!plot) return undefined;
  return plot.posToIdx(clientX - plot.over.getBoundingClientRect().left);
}

/** Where a day's bar stands, in percent of the plot's width. */
function shareOf(plot: uPlot | undefined, index: number, count: number): number {
  const day = plot?.data[0][index];
  if (!plot || day === undefined) return (100 * (index + 0.5)) / Math.max(count, 1);
  return (100 * (plot.over.offsetLeft + plot.valToPos(day, 'x'))) / plot.width;
}

/** Writes the highest value above its bar. */
function labelPeak(plot: uPlot, color: string, font: string, format: (value: number) => string): void {
  const values = plot.data[1] ?? [];
  const peak = Math.max(...values.map((value) => value ?? 0));
  const day = plot.data[0][values.indexOf(peak)];
  if (peak <= 0 || day === undefined) return;
  const { ctx, bbox } = plot;
  const words = format(peak);
  ctx.save();
  ctx.font = font.replace('11px', `${11 * devicePixelRatio}px`);
  ctx.fillStyle = color;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'bottom';
  // The whole label stays inside, also above the first or last bar.
  const half = ctx.measureText(words).width / 2;
  const center = plot.valToPos(day, 'x', true);
  const at = Math.min(Math.max(center, bbox.left + half), bbox.left + bbox.width - half);
  ctx.fillText(words, at, plot.valToPos(peak, 'y', true) - 2 * devicePixelRatio);
  ctx.restore();
}

function optionsFor(element: HTMLElement, color: string, format: (value: number) => string): uPlot.Options {
  const styles = getComputedStyle(element);
  const read = (name: string) => styles.getPropertyValue(name).trim();
  const text = read('--vscode-descriptionForeground') || styles.color;
  const fill = read(color) || styles.color;
  const border = read('--vscode-contrastBorder');
  const font = `11px ${read('--vscode-font-family') || 'sans-serif'}`;
  const dayWords = new Intl.DateTimeFormat(getLanguage(), { month: 'numeric', day: 'numeric' });
  const axis = { stroke: text, font, ticks: { show: false } };
  return {
    width: Math.max(element.clientWidth, 120),
    height,
    padding: [6, 14, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    hooks: { draw: [(plot) => labelPeak(plot, text, font, format)] },
    scales: {
      x: { time: false, range: (_, min, max) => [min - halfDay, max + halfDay] },
      y: { range: (_, _min, max) => [0, max > 0 ? max * roomAbove : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 20,
        gap: 3,
        splits: (u) => chooseDays(u.data[0], u.width),
        values: (_, splits) => splits.map((at) => dayWords.format(at * 1000)),
      },
      {
        ...axis,
        grid: { stroke: read('--soft') || text, width: 1 },
        size: axisRoom,
        gap: 4,
        space: 28,
        values: (_, splits) => splits.map(format),
      },
    ],
    series: [
      {},
      { stroke: border || fill, fill, width: border ? 1 : 0, points: { show: false }, ...(bars && { paths: bars }) },
    ],
  };
}

/** As many days as there is space to label, including the newest. */
function chooseDays(days: ArrayLike<number>, width: number): number[] {
  const step = Math.max(1, Math.ceil((days.length * dayRoom) / Math.max(width - axisRoom, dayRoom)));
  return Array.from(days).filter((_, index) => (days.length - 1 - index) % step === 0);
}

const canDraw = (): boolean =>
  typeof ResizeObserver !== 'undefined' && document.createElement('canvas').getContext('2d') !== null;
