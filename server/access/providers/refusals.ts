import { refusals } from '../../platform/refusal.ts'

export const refuse = refusals('providers', {
  no_provider: [404, 'There is no identity provider {id}, or it was deleted.'],
  bad_name: [400, 'Give the provider a name of 1 to 60 characters, as people know it: it stands on the button.'],
  bad_field: [400, 'The field {field} is missing or cannot be right. {says}'],
  bad_issuer: [400, 'The issuer "{issuer}" cannot be one: {why}. Copy it from the provider, letter by letter.'],
  bad_domain: [400, '"{domain}" is no mail domain. Give it as it stands after the @, such as acme.example.'],
  bad_tenant: [400, '"{tenant}" is no Entra tenant id. Copy the "Directory (tenant) ID", a UUID.'],
  tenants_needed: [
    400,
    'With "{tenant}" everybody who has a Microsoft account could come in. List the tenants that may, or give one tenant id.',
  ],
  secret_needed: [
    400,
    'This way of showing who we are needs a client secret. Give one, or choose "none" for a public client.',
  ],
  taken: [
    409,
    'The provider {provider} stands for the issuer {issuer} already, enabled or not. Change that one, or delete it first: its people stay linked.',
  ],
  domain_taken: [409, 'The domain {domain} belongs to the provider {provider} already. Take it away there first.'],
  too_many: [409, 'There are {max} providers, which is the most there can be. Delete one that nobody uses.'],
  not_tested: [
    409,
    'Test this provider first: it is enabled only after a test that went well with the settings it has now.',
  ],
  test_failed: [
    409,
    'Nothing was changed: with these settings people would be kept out ({step}: {found}) Mend it and send it again, or disable the provider first.',
  ],
  changed_meanwhile: [409, 'Somebody else has changed this provider meanwhile. Look at it, then change it once more.'],
  issuer_in_use: [
    409,
    'People come in by the issuer {issuer}, and at another one they are unknown. Set up another provider for it, or disable this one first.',
  ],
  not_known_yet: [
    503,
    'Nothing was ever learned of {provider}: it has not answered since it was set up. Sign in another way, or try again soon.',
  ],
  no_withdrawn_key: [404, 'This provider has no key {thumbprint} that was withdrawn.'],
  bad_cursor: [400, 'This cursor is not one of ours. Begin again without it.'],
})
