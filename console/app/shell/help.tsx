import { ActionIcon, Kbd, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconKeyboard } from '@tabler/icons-react'
import classes from './help.module.css'
import { places } from './places.ts'
import { paletteKeys } from './search-button.tsx'
import { useShortcuts } from './shortcuts.ts'

type Keys = readonly (readonly [what: string, keys: readonly string[]])[]

const groups: readonly (readonly [name: string, keys: Keys])[] = [
  [
    'Everywhere',
    [
      ['Search everything', paletteKeys],
      ['This help', ['?']],
      ['Close what is open', ['Esc']],
    ],
  ],
  [
    'In a list',
    [
      ['Search in it', ['/']],
      ['Next row', ['j']],
      ['Row before', ['k']],
      ['First, last row', ['Home', 'End']],
      ['Open the row', ['Enter']],
    ],
  ],
  [
    'In a chart',
    [
      ['Walk through time', ['←', '→']],
      ['Ten steps at once', ['PgUp', 'PgDn']],
    ],
  ],
  ['Go to', places.map(({ name, key }) => [name, ['g', key]] as const)],
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
        size={680}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <div className={classes.groups}>
          {groups.map(([name, keys]) => (
            <section key={name}>
              <h3 className={classes.group}>{name}</h3>
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
            </section>
          ))}
        </div>
      </Modal>
    </>
  )
}
