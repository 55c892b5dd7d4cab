import { type Static, Type } from 'typebox'
import { type Call, json, on, page, ProblemShape, type Route } from '../../../platform/http/index.ts'
import { pageOf } from '../hosted/page-of.ts'
import type { Parts } from '../parts.ts'
import { blockUser, unblockUser } from './block-user.ts'
import { createUser } from './create-user.ts'
import { deleteUser, undoDeletion } from './delete-user.ts'
import { editUser } from './edit-user.ts'
import { exportPerson } from './export-person.ts'
import {
  DeleteForm,
  exportFile,
  KeepForm,
  postDelete,
  postKeep,
  sendExportFile,
  showDelete,
  showExport,
  showExportPage,
} from './hosted.ts'
import { getUser, ListUsers, listUsers } from './list-users.ts'
import { exportPage } from './pages/export-page.ts'
import { BlockUser, CreateUser, Deleting, EditUser, Exported, StaffUser, UserId, UserList } from './shapes.ts'

/** The HTTP face of accounts: for staff, and for the person themselves. */
export const accountRoutes = (parts: Parts): Route[] => [...readings(parts), ...changes(parts), ...pages(parts)]

const ExportQuery = Type.Object({
  format: Type.Optional(
    Type.Union([Type.Literal('json'), Type.Literal('html')], {
      description: 'A page to read and print instead of JSON.',
      examples: ['html'],
    }),
  ),
})
const AUDITED =
  'Profile, metadata, sessions, memberships, audit and the rest, with a page to read and print. That it was made is noted in the audit.'

function readings(parts: Parts): Route[] {
  const frame = { tag: 'users', guard: parts.sessions.guards.staff('users:read') }
  return [
    on(
      'GET /v1/users',
      { ...frame, summary: 'People, newest first', query: ListUsers, answers: { 200: UserList, 403: ProblemShape } },
      async (call) => json(200, await listUsers(parts, call.query)),
    ),
    on(
      'GET /v1/users/{id}',
      { ...frame, summary: 'One person', params: UserId, answers: { 200: StaffUser, 404: ProblemShape } },
      async (call) => json(200, await getUser(parts, call.params.id)),
    ),
    on(
      'GET /v1/users/{id}/export',
      {
        ...frame,
        summary: 'Everything that is held about a person',
        description: AUDITED,
        params: UserId,
        query: ExportQuery,
        answers: { 200: Exported, 404: ProblemShape },
      },
      (call) => exported(parts, call),
    ),
  ]
}

async function exported(parts: Parts, call: Call<unknown, Static<typeof ExportQuery>, { id: string }>) {
  const { id } = call.params
  if (call.query.format !== 'html') return exportFile(parts, call, id)
  return page(200, exportPage(pageOf(parts, call), await exportPerson(parts, call, id)))
}

function changes(parts: Parts): Route[] {
  const guard = parts.sessions.guards.staff('users:write')
  const frame = { tag: 'users', guard, isIdempotent: true } as const
  const one = { ...frame, params: UserId }
  return [
    on(
      'POST /v1/users',
      { ...frame, summary: 'Make an account', body: CreateUser, answers: { 201: StaffUser, 409: ProblemShape } },
      (call) => createUser(parts, call),
    ),
    on(
      'PATCH /v1/users/{id}',
      {
        ...one,
        summary: 'Change a profile or metadata',
        body: EditUser,
        answers: { 200: StaffUser, 404: ProblemShape },
      },
      (call) => editUser(parts, call),
    ),
    on(
      'PUT /v1/users/{id}/block',
      {
        ...one,
        summary: 'Refuse sign-in and end every session',
        body: BlockUser,
        answers: { 200: StaffUser, 403: ProblemShape, 409: ProblemShape },
      },
      (call) => blockUser(parts, call),
    ),
    on(
      'DELETE /v1/users/{id}/block',
      { ...one, summary: 'Let a blocked person sign in again', answers: { 200: StaffUser, 404: ProblemShape } },
      (call) => unblockUser(parts, call),
    ),
    on(
      'DELETE /v1/users/{id}',
      {
        ...one,
        summary: 'Delete an account after the grace',
        answers: { 202: Deleting, 403: ProblemShape, 409: ProblemShape },
      },
      (call) => deleteUser(parts, call),
    ),
    on(
      'DELETE /v1/users/{id}/deletion',
      { ...one, summary: 'Undo a deletion', answers: { 200: StaffUser, 410: ProblemShape } },
      (call) => undoDeletion(parts, call),
    ),
  ]
}

function pages(parts: Parts): Route[] {
  const frame = { tag: 'pages', kind: 'page' } as const
  return [
    on('GET /account/delete', { ...frame, summary: 'Delete one’s account' }, (call) => showDelete(parts, call)),
    on('POST /account/delete', { ...frame, summary: 'Delete one’s account', body: DeleteForm }, (call) =>
      postDelete(parts, call),
    ),
    on('POST /sign-in/keep', { ...frame, summary: 'Keep one’s account', body: KeepForm }, (call) =>
      postKeep(parts, call),
    ),
    on('GET /account/export', { ...frame, summary: 'What is held about one' }, (call) => showExport(parts, call)),
    on('GET /account/export/page', { ...frame, summary: 'All of it as a page' }, (call) => showExportPage(parts, call)),
    on('GET /account/export/file', { ...frame, summary: 'All of it as a file' }, (call) => sendExportFile(parts, call)),
  ]
}
