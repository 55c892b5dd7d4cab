import { ActionIcon, Kbd, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconKeyboard } from '@tabler/icons-react'
import classes from './help.module.css'
import { places } from './places.ts'
import { useShortcuts } from './shortcuts.ts'

const keys: readonly (readonly [what: string, keys: readonly string[]])[] = [
  ...places.map(({ name, key }) => [`Go to ${name.toLowerCase()}`, ['g', key]] as const),
]

/** The keys that work everywhere, and the list of them. */
export function HelpButton() {
  const [isOpen, { open, close }] = useDisclosure(false)
  useShortcuts(open)
  return (
    <>
      <ActionIcon
        className={classes.button}
        size={32}
        onClick={open}
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
      >
        <IconKeyboard size={18} stroke={1.6} />
      </ActionIcon>
      <Modal
        opened={isOpen}
        onClose={close}
        title="Keyboard shortcuts"
        size={400}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <dl className={classes.keys}>
          {keys.map(([what, strokes]) => (
            <div key={what} className={classes.row}>
              <dt>{what}</dt>
              <dd>
                {strokes.map((stroke) => (
                  <Kbd key={stroke}>{stroke}</Kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </Modal>
    </>
  )
}
