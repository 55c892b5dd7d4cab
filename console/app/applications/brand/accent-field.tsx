import { Input, Slider, Switch } from '@mantine/core'
import { type Accent, accentDefault, buttonOf, CHROMA_MAX, lightAccent, type Scheme } from './accent.ts'
import classes from './accent-field.module.css'

interface AccentFieldProps {
  value: Accent | null
  onChange: (accent: Accent | null) => void
}

const HUE_STEP = 1
const CHROMA_STEP = 0.005

/** Hue and chroma; the lightness is ours, so that whatever is chosen can be read. What comes of it is shown, with its contrast. */
export function AccentField({ value, onChange }: AccentFieldProps) {
  const accent = value ?? accentDefault
  return (
    <Input.Wrapper
      size="xs"
      label="Accent"
      labelElement="div"
      description="The colour of what can be pressed. Its lightness is ours, so that it can be read."
    >
      <Switch
        size="xs"
        className={classes.own}
        label="A colour of its own"
        checked={value !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? accent : null)}
      />
      {value && (
        <>
          <Named name="Hue" says={`${Math.round(value.hue)}°`}>
            <Slider
              thumbLabel="Hue"
              min={0}
              max={360}
              step={HUE_STEP}
              value={value.hue}
              label={null}
              styles={{ track: { '--slider-track-bg': 'transparent' }, trackContainer: rainbow, bar: noBar }}
              onChange={(hue) => onChange({ ...value, hue })}
            />
          </Named>
          <Named name="Chroma" says={value.chroma.toFixed(3)}>
            <Slider
              thumbLabel="Chroma"
              min={0}
              max={CHROMA_MAX}
              step={CHROMA_STEP}
              value={value.chroma}
              label={null}
              styles={{ track: { '--slider-track-bg': 'transparent' }, trackContainer: fade(value.hue), bar: noBar }}
              onChange={(chroma) => onChange({ ...value, chroma })}
            />
          </Named>
        </>
      )}
      <div className={classes.results}>
        <Result scheme="light" accent={accent} />
        <Result scheme="dark" accent={accent} />
      </div>
    </Input.Wrapper>
  )
}

const noBar = { display: 'none' }
const HUES = [0, 60, 120, 180, 240, 300, 360]
const rainbow = { background: across(HUES.map((hue) => lightAccent({ hue, chroma: 0.12 }))) }

function fade(hue: number) {
  return { background: across([lightAccent({ hue, chroma: 0 }), lightAccent({ hue, chroma: CHROMA_MAX })]) }
}

/** No decoration but a scale: it says what lies where. */
function across(colours: readonly string[]): string {
  return `linear-gradient(to right, ${colours.join(', ')}) center / 100% 6px no-repeat`
}

function Named({ name, says, children }: { name: string; says: string; children: React.ReactNode }) {
  return (
    <div className={classes.named}>
      <span>{name}</span>
      {children}
      <span className={classes.says}>{says}</span>
    </div>
  )
}

function Result({ scheme, accent }: { scheme: Scheme; accent: Accent }) {
  const { ground, ink, contrast } = buttonOf(accent, scheme)
  return (
    <span className={classes.result}>
      <span className={classes.sample} style={{ background: ground, color: ink }} aria-hidden="true">
        Send code
      </span>
      <span>
        In {scheme} {ground}, contrast {contrast.toFixed(1)}:1
      </span>
    </span>
  )
}
