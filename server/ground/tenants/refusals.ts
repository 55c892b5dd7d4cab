import { refusals } from '../../platform/refusal.ts'

export const refuse = refusals('tenants', {
  no_organization: [404, 'There is no organisation {id}, or you are not in it.'],
  no_membership: [404, 'There is no membership {id}, or it is not in an organisation of yours.'],
  no_user: [404, 'There is no user {id}.'],
  bad_name: [400, 'A name has 1 to 120 visible characters.'],
  bad_slug: [
    400,
    'A slug has at most 60 characters: small letters, digits, and single hyphens between them, such as acme-labs.',
  ],
  slug_taken: [409, 'The slug {slug} is taken. Choose another one, or leave it out.'],
  bad_metadata: [400, 'Metadata has at most 16 KiB as JSON. Keep larger things in your own product.'],
  bad_roles: [
    400,
    'Roles are 1 to 20 of: owner, admin, member, or words of your own with small letters, digits, _ and -, 31 characters at most.',
  ],
  already_member: [409, 'This person is a member already. Change the roles instead.'],
  too_many_memberships: [409, 'A person can be in at most {max} organisations.'],
  last_owner: [409, 'This is the last owner. Make somebody else an owner first.'],
  deleting: [409, 'This organisation is being deleted. Undo that first: DELETE /v1/organizations/{id}/deletion.'],
  not_deleting: [409, 'This organisation is not being deleted.'],
  not_manager: [403, 'Only owners and admins of this organisation may do this. Ask one of them.'],
  owners_only: [403, 'Only an owner may make, change or remove an owner. Ask one of them.'],
  own_role: [403, 'Nobody gives themselves another role. Ask another owner or admin.'],
  impersonated: [403, 'Support cannot change memberships in somebody’s name. Ask the person to do it.'],
  invite_instead: [403, 'Only staff and programs add people directly. Invite them: they accept it themselves.'],
  bad_cursor: [400, 'This cursor is not one of ours. Begin again without it.'],
})
