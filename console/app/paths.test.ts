import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, hosted } from './paths.ts'

test('every address is what the contract says', () => {
  const table: [address: string, written: string][] = [
    [api.session(), '/v1/session'],
    [api.overview(), '/v1/overview'],
    [api.search('ana & co'), '/v1/search?query=ana+%26+co'],
    [api.users({ limit: 50 }), '/v1/users?limit=50'],
    [api.users({ query: 'ana & co', cursor: 'c2', limit: 50 }), '/v1/users?query=ana+%26+co&cursor=c2&limit=50'],
    [api.user('usr_1/..'), '/v1/users/usr_1%2F..'],
    [api.userSessions('usr_1'), '/v1/users/usr_1/sessions'],
    [api.userBlock('usr_1'), '/v1/users/usr_1/block'],
    [api.userDeletion('usr_1'), '/v1/users/usr_1/deletion'],
    [api.userExport('usr_1', 'html'), '/v1/users/usr_1/export?format=html'],
    [api.sessions({ state: 'live', limit: 50 }), '/v1/sessions?state=live&limit=50'],
    [api.oneSession('ses_1'), '/v1/sessions/ses_1'],
    [api.sessionEnds({ at: '2026-11-21T10:00:00Z' }), '/v1/session-ends?at=2026-11-21T10%3A00%3A00Z'],
    [api.invitationDeliveries('inv_1'), '/v1/invitations/inv_1/deliveries'],
    [api.applicationKeyRotations('app_1'), '/v1/applications/app_1/key-rotations'],
    [api.auditExport({ format: 'csv', actor: 'usr_1' }), '/v1/audit/export?format=csv&actor=usr_1'],
    [api.statistics({ range: 'day', organization_id: undefined }), '/v1/statistics?range=day'],
    [api.staffMember('usr_1'), '/v1/staff/usr_1'],
    [api.signingKeyRotations(), '/v1/signing-key-rotations'],
    [
      hosted.signIn('/console/users?query=a&b'),
      '/sign-in?application=console&return_to=%2Fconsole%2Fusers%3Fquery%3Da%26b',
    ],
    [
      hosted.signInAgain('/console/users/usr_1?ask=act'),
      '/sign-in?application=console&return_to=%2Fconsole%2Fusers%2Fusr_1%3Fask%3Dact&max_age=60&strongest=1',
    ],
  ]
  for (const [address, written] of table) assert.equal(address, written)
})
