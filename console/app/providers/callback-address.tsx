import type { Preset } from '../api/wire/providers.ts'
import { Copyable } from '../ui/copyable.tsx'
import { presetWords } from './presets.ts'
import classes from './callback-address.module.css'

/** Where this provider alone sends people back to: what it has to allow. */
export function CallbackAddress({ preset, url }: { preset: Preset; url: string }) {
  return (
    <div className={classes.callback}>
      <p>
        Register this address over there, under <strong>{presetWords[preset].where}</strong>:
      </p>
      <Copyable value={url} />
    </div>
  )
}
