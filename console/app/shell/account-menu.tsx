import { type MantineColorScheme, Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { IconChevronDown, IconLogout, IconUserCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { hosted } from '../paths.ts'
import { useLastFailure } from '../reading/last-failure.ts'
import { signedInQuery } from '../reading/signed-in.ts'
import { StateMark } from '../ui/state-mark.tsx'
import classes from './account-menu.module.css'
import { useSignOut } from './sign-out.ts'

const schemes: readonly (readonly [MantineColorScheme, string])[] = [
  ['auto', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
]

/** Who is at the console, and what they may do about it. */
export function AccountMenu() {
  const signedIn = useQuery(signedInQuery)
  const failure = useLastFailure(signedIn)
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const signOut = useSignOut()
  const user = signedIn.data?.session.user

  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.target} aria-label={`Account: ${user?.name ?? user?.email ?? 'not known'}`}>
          {user ? (
            <>
              <span className={classes.name}>{user.name ?? user.email ?? user.id}</span>
              <IconUserCircle className={classes.face} size={20} stroke={1.6} aria-hidden="true" />
            </>
          ) : (
            failure && <StateMark state="unknown">Not known</StateMark>
          )}
          <IconChevronDown size={14} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className={classes.who}>
          {user ? (
            <>
              Signed in as <span>{user.email ?? user.id}</span>
            </>
          ) : (
            'Access cannot say for now who is signed in here.'
          )}
        </Menu.Label>
        <Menu.Item component="a" href={hosted.account()} leftSection={<IconUserCircle size={16} />}>
          Your account
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as MantineColorScheme)}>
          {schemes.map(([value, name]) => (
            <Menu.RadioItem key={value} value={value}>
              {name}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => signOut.mutate()}>
          Sign out of the console
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
