import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, hosted } from './paths.ts'

test('every address is what the contract says', () => {
  assert.deepEqual(
    [
      api.session(),
      api.overview(),
      api.users({ limit: 50 }),
      api.users({ query: 'ana & co', cursor: 'c2', limit: 50 }),
      api.user('usr_1/..'),
      api.userSessions('usr_1'),
      api.sessions({ state: 'live', limit: 50 }),
      api.sessions({ state: 'all', user_id: 'usr_1', cursor: 'ses_9', limit: 50 }),
      api.oneSession('ses_1'),
      api.signingKeys(),
      api.signingKeyRotations(),
      hosted.signIn('/console/users?query=a&b'),
    ],
    [
      '/v1/session',
      '/v1/overview',
      '/v1/users?limit=50',
      '/v1/users?query=ana+%26+co&cursor=c2&limit=50',
      '/v1/users/usr_1%2F..',
      '/v1/users/usr_1/sessions',
      '/v1/sessions?state=live&limit=50',
      '/v1/sessions?state=all&user_id=usr_1&cursor=ses_9&limit=50',
      '/v1/sessions/ses_1',
      '/v1/signing-keys',
      '/v1/signing-key-rotations',
      '/sign-in?application=console&return_to=%2Fconsole%2Fusers%3Fquery%3Da%26b',
    ],
  )
})
