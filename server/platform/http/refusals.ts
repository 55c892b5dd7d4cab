import { type ListedRefusal, refusals } from '../refusal.ts'

/** What is wrong with a request whatever it asks for. */
export const refuse = refusals('request', {
  invalid: [400, 'The request does not fit: {list}.'],
  malformed: [400, 'The request could not be read. Check its path, headers and body.'],
  unreadable: [400, 'This is not HTTP that can be read.'],
  bad_url: [
    400,
    'The address holds a percent sign that stands for no character, or for the character of number zero. Encode it as UTF-8.',
  ],
  bad_utf8: [400, 'The body is not valid UTF-8. Send UTF-8.'],
  bad_json: [400, 'The body is not valid JSON.'],
  bad_form: [400, 'The form could not be read: a field twice, or more than {limit} of them.'],
  cross_site: [403, 'This request came from another site and was not carried out. Open the page itself and try again.'],
  not_found: [404, 'There is nothing at this address. The list of addresses is at /docs.'],
  no_file: [404, 'There is no such file.'],
  not_built: [404, 'The pages that belong here are not built. Run "npm run build".'],
  method_not_allowed: [405, 'This address answers {allowed}, and not {method}.'],
  too_slow: [408, 'The request did not come in time. Send it again.'],
  too_large: [413, 'The body is larger than 64 KiB. Send less.'],
  url_too_long: [414, 'The address is longer than {limit} characters. Put what is long into the body.'],
  media_type: [415, 'Send application/json, or a form as application/x-www-form-urlencoded.'],
  headers_too_large: [431, 'The headers are too large: at most 16 KiB of cookies. Clear the cookies of this site.'],
  too_many_streams: [503, 'Too many event streams are open here. Try again, or use another instance.'],
})

/** What can happen to any request through no fault of its own. */
export const refusePlatform = refusals('platform', {
  bug: [500, 'This is a fault in Holdfast, noted as {incident}. Trying again may not help; tell the operator this id.'],
  database_unavailable: [
    503,
    'The database is not answering, so this is not known at the moment. Nobody is signed out by this. Try again in a few seconds.',
  ],
})

export const platformRefusals: readonly ListedRefusal[] = [...refuse.listed, ...refusePlatform.listed]
