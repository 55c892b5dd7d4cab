import uPlot from 'uplot'
import { type Frame, unknownStretches } from './frame.ts'
import { sayStretch, sayValue } from './say-cell.ts'

export const PLOT_HEIGHT = 220
/** 8 px sideways is 5.657 px across: on whole pixels the hatch stays even. */
const HATCH_PX = 8
const SERIES_COLOURS = 4
/** People are counted whole. */
const WHOLE_STEPS = [1, 2, 5]
  .flatMap((step) => [0, 1, 2, 3, 4, 5, 6].map((power) => step * 10 ** power))
  .sort((a, b) => a - b)
/** So that one sign-in does not look like a mountain. */
const COUNT_TOP_MIN = 4

interface PlotOptions {
  frame: Frame
  stepS: number
  width: number
  /** Where the colours of the present scheme are read. */
  within: HTMLElement
  onLook: (index: number | null) => void
}

/** uPlot in our colours: lines that end where nothing was seen, and a hatch over that time. */
export function openPlot(target: HTMLElement, { frame, stepS, width, within, onLook }: PlotOptions): uPlot {
  const colour = (token: string) => colourOf(within, token)
  const axis = {
    stroke: colour('--ink-faint'),
    font: "11px 'Inter Variable', system-ui, sans-serif",
    ticks: { show: false },
    grid: { stroke: colour('--line'), width: 1 },
  }
  const hatch = { line: colour('--unknown'), ground: colour('--unknown-ground'), ink: colour('--unknown') }
  return new uPlot(
    {
      width,
      height: PLOT_HEIGHT,
      legend: { show: false },
      padding: [12, 8, 0, 0],
      cursor: { drag: { x: false, y: false }, points: { size: 7 }, y: false },
      scales: {
        x: { time: true, range: (_, from, to) => [from, to + stepS] },
        y: { range: (_, __, top) => rangeOf(frame, top) },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 28,
          gap: 8,
          values: (_, ticks) => ticks.map((at) => sayStretch(at, stepS)),
          space: 88,
        },
        {
          ...axis,
          size: 64,
          ...(frame.unit === 'count' && { incrs: [...WHOLE_STEPS] }),
          values: (_, ticks) => ticks.map((value) => sayValue(value, frame.unit)),
          space: 36,
        },
      ],
      series: [
        {},
        ...frame.lines.map(({ name, colour: index, isDashed }) => ({
          label: name,
          stroke: colour(`--series-${(index % SERIES_COLOURS) + 1}`),
          width: 1.75,
          ...(isDashed && { dash: [4, 3] }),
          points: { show: true, size: 5, filter: lonely },
        })),
      ],
      hooks: {
        drawClear: [(plot) => drawUnknown(plot, unknownStretches(frame, stepS), hatch)],
        setCursor: [(plot) => onLook(plot.cursor.idx ?? null)],
      },
    },
    dataOf(frame),
    target,
  )
}

export function dataOf({ times, lines }: Frame): uPlot.AlignedData {
  const numbers = lines.map(({ cells }) => cells.map((cell) => (typeof cell === 'number' ? cell : null)))
  return [[...times], ...numbers]
}

/** A share is looked at near its top, where the difference is; everything else from nothing up. */
function rangeOf({ unit, lines }: Frame, top: number | null): [number, number] {
  if (unit !== 'share') return [0, Math.max(top ?? 0, unit === 'count' ? COUNT_TOP_MIN : 1) * 1.1]
  const least = Math.min(1, ...lines.flatMap(({ cells }) => cells.filter((cell) => typeof cell === 'number')))
  return [Math.max(0, Math.floor(least * 20 - 0.5) / 20), 1.005]
}

/** A value between two gaps has no line to stand on, and would not be seen. */
const lonely: uPlot.Series.Points.Filter = (plot, series) => {
  const values = plot.data[series] ?? []
  const alone: number[] = []
  for (let index = 0; index < values.length; index += 1) {
    if (values[index] != null && values[index - 1] == null && values[index + 1] == null) alone.push(index)
  }
  return alone
}

function drawUnknown(
  plot: uPlot,
  stretches: ReturnType<typeof unknownStretches>,
  { line, ground, ink }: { line: string; ground: string; ink: string },
) {
  const { ctx, bbox } = plot
  const scale = devicePixelRatio
  for (const [from, to] of stretches) {
    const left = Math.max(bbox.left, plot.valToPos(from, 'x', true))
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(to, 'x', true))
    if (right <= left) continue
    ctx.save()
    ctx.beginPath()
    ctx.rect(left, bbox.top, right - left, bbox.height)
    ctx.clip()
    ctx.fillStyle = ground
    ctx.fill()
    ctx.strokeStyle = line
    ctx.globalAlpha = 0.35
    ctx.lineWidth = scale
    ctx.beginPath()
    for (let x = left - bbox.height; x < right; x += HATCH_PX * scale) {
      ctx.moveTo(x, bbox.top + bbox.height)
      ctx.lineTo(x + bbox.height, bbox.top)
    }
    ctx.stroke()
    ctx.globalAlpha = 1
    ctx.font = `500 ${11 * scale}px 'Inter Variable', system-ui, sans-serif`
    const words = 'not known'
    const wide = ctx.measureText(words).width + 12 * scale
    if (wide <= right - left) {
      const middle = (left + right) / 2
      ctx.fillStyle = ground
      ctx.fillRect(middle - wide / 2, bbox.top + 6 * scale, wide, 20 * scale)
      ctx.fillStyle = ink
      ctx.textAlign = 'center'
      ctx.textBaseline = 'middle'
      ctx.fillText(words, middle, bbox.top + 16 * scale)
    }
    ctx.restore()
  }
}

/** A canvas knows no custom property: the browser is asked what it is here, in this scheme. */
function colourOf(within: HTMLElement, token: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${token})`
  within.append(probe)
  const colour = getComputedStyle(probe).color
  probe.remove()
  return colour
}
