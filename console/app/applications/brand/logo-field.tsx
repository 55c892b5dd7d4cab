import { Button, FileButton, Textarea } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useState } from 'react'
import { asImage, LOGO_LENGTH_MAX } from './logo.ts'
import classes from './logo-field.module.css'

interface LogoFieldProps {
  value: string
  error: string | undefined
  onChange: (svg: string) => void
}

/** An SVG, pasted or out of a file. What access does not take is said here, with the place. */
export function LogoField({ value, error, onChange }: LogoFieldProps) {
  const [unread, setUnread] = useState<string>()
  async function read(file: File | null) {
    if (!file) return
    // Read no further than can be kept: the file may be anything.
    if (file.size > LOGO_LENGTH_MAX) return setUnread(`${file.name} is larger than 16 KiB. Take detail out of it.`)
    setUnread(undefined)
    onChange(await file.text())
  }
  return (
    <div>
      <Textarea
        size="xs"
        label="Logo"
        description="A drawing as SVG with a viewBox, at most 16 KiB: shapes and gradients, nothing that runs or is loaded."
        placeholder={'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">…</svg>'}
        classNames={{ input: classes.code }}
        rows={4}
        spellCheck={false}
        value={value}
        error={unread ?? error}
        onChange={(event) => {
          setUnread(undefined)
          onChange(event.currentTarget.value)
        }}
      />
      <div className={classes.ways}>
        <FileButton accept="image/svg+xml,.svg" onChange={(file) => void read(file)}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconUpload size={14} />}>
              Read a file
            </Button>
          )}
        </FileButton>
        {value && (
          <Button variant="subtle" onClick={() => onChange('')}>
            No logo
          </Button>
        )}
        {value && !error && <img className={classes.logo} src={asImage(value)} alt="The logo as it is written" />}
      </div>
    </div>
  )
}
