import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { useCallback, useRef, useState } from 'react'
import type uPlot from 'uplot'
import classes from './chart.module.css'
import { type Frame, unknownStretches } from './frame.ts'
import { openPlot, PLOT_HEIGHT } from './plot.ts'
import { sayCell, sayStretch } from './say-cell.ts'

interface ChartProps {
  frame: Frame
  stepS: number
}

/** Lines over time. The mouse or the arrow keys choose a moment, whose values stand above the lines. */
export function Chart({ frame, stepS }: ChartProps) {
  const scheme = useComputedColorScheme('light')
  const [at, setAt] = useState<number | null>(null)
  const plot = useRef<uPlot | null>(null)
  const last = frame.times.length - 1

  const draw = useCallback(
    (target: HTMLDivElement | null) => {
      if (!target) return
      const opened = openPlot(target, { frame, stepS, width: target.clientWidth, within: target, onLook: setAt })
      plot.current = opened
      const resized = new ResizeObserver(() => opened.setSize({ width: target.clientWidth, height: PLOT_HEIGHT }))
      resized.observe(target)
      return () => {
        resized.disconnect()
        opened.destroy()
      }
    },
    [frame, stepS],
  )

  function look(index: number) {
    const { current } = plot
    const time = frame.times[index]
    if (!current || time === undefined) return
    current.setCursor({ left: current.valToPos(time, 'x'), top: 0 })
  }

  const said = at === null ? null : sayAt(frame, at, stepS)
  return (
    <div className={classes.chart}>
      <Legend frame={frame} at={at} stepS={stepS} />
      <div
        // The colours are read when it is drawn: another scheme is another drawing.
        key={scheme}
        ref={draw}
        className={classes.plot}
        style={{ minHeight: PLOT_HEIGHT }}
        role="slider"
        tabIndex={0}
        aria-label={`${frame.name} over time`}
        aria-valuemin={0}
        aria-valuemax={Math.max(last, 0)}
        aria-valuenow={at ?? Math.max(last, 0)}
        aria-valuetext={said ?? 'Press an arrow key to walk through time'}
        onKeyDown={(event) => {
          const next = steps[event.key]?.(at ?? last + 1, last)
          if (next === undefined) return
          event.preventDefault()
          look(next)
        }}
        onBlur={() => plot.current?.setCursor({ left: -10, top: -10 })}
      />
    </div>
  )
}

const steps: Record<string, (at: number, last: number) => number> = {
  ArrowLeft: (at) => Math.max(at - 1, 0),
  ArrowRight: (at, last) => Math.min(at + 1, last),
  PageUp: (at) => Math.max(at - 10, 0),
  PageDown: (at, last) => Math.min(at + 10, last),
  Home: () => 0,
  End: (_, last) => last,
}

/** `14:02: Code 14, Link 6`. */
function sayAt({ times, lines, unit }: Frame, at: number, stepS: number): string {
  const values = lines.map(({ name, cells }) => `${name} ${sayCell(cells[at] ?? 'unknown', unit)}`)
  return `${sayStretch(times[at] ?? 0, stepS)}: ${values.join(', ')}`
}

function Legend({ frame, at, stepS }: { frame: Frame; at: number | null; stepS: number }) {
  const { times, lines, unit } = frame
  return (
    <div className={classes.legend} aria-hidden="true">
      {lines.map(({ name, cells, colour, isDashed }) => (
        <span key={name} className={classes.line}>
          <svg width="14" height="8" viewBox="0 0 14 8" aria-hidden="true">
            <path
              d="M0 4h14"
              stroke={`var(--series-${(colour % 4) + 1})`}
              strokeWidth="2"
              strokeDasharray={isDashed ? '4 3' : undefined}
            />
          </svg>
          {name}
          {at !== null && <b className="figures">{sayCell(cells[at] ?? 'unknown', unit)}</b>}
        </span>
      ))}
      {unknownStretches(frame, stepS).length > 0 && (
        <span className={classes.line}>
          <span className={classes.hatch} />
          Not known
        </span>
      )}
      {at !== null && <span className={classes.when}>{sayStretch(times[at] ?? 0, stepS)}</span>}
    </div>
  )
}
