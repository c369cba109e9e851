/** One bar per day, drawn on a canvas that follows the theme and the width. Its content is also given as text. */
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { startOfNamedDay } from '../../state/format';
import { getLanguage } from '../../state/words';

export interface PlotProps {
  /** E.g. `2026-11-22`, oldest first. */
  days: readonly string[];
  values: readonly number[];
  /** Name of an editor colour, e.g. `--vscode-charts-blue`. */
  color: string;
  format: (value: number) => string;
  /** The content as a sentence, for screen readers. */
  label: string;
}

const height = 110;
/** In seconds: space for half a bar at both ends. */
const halfDay = 43_200;
/** Pixels for the label of a day, and for the axis. */
const dayRoom = 40;
const axisRoom = 46;
/** Three quarters of a day's width, at most 26 pixels. */
const bars = uPlot.paths.bars?.({ size: [0.75, 26], align: 0 });

export function Plot({ days, values, color, format, label }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
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
    let plot: uPlot | undefined;
    // Colours are fixed when the plot is created, so another theme needs a new plot.
    const draw = () => {
      plot?.destroy();
      plot = new uPlot(
        optionsFor(element, color, (value) => latest.current(value)),
        data,
        element,
      );
    };
    draw();
    const sizes = new ResizeObserver(() => {
      if (element.clientWidth > 0) plot?.setSize({ width: element.clientWidth, height });
    });
    sizes.observe(element);
    const themes = new MutationObserver(draw);
    themes.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
    return () => {
      sizes.disconnect();
      themes.disconnect();
      plot?.destroy();
    };
    // oxlint-disable-next-line react/exhaustive-deps -- `key` stands for days and values
  }, [key, color]);
  return <div ref={box} className="plot" role="img" aria-label={label} />;
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
    scales: {
      x: { time: false, range: (_, min, max) => [min - halfDay, max + halfDay] },
      y: { range: (_, _min, max) => [0, max > 0 ? max * 1.05 : 1] },
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
