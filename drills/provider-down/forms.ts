/** A form of a page, as a browser without script sends it. */
export interface Form {
  action: string
  /** Hidden fields and what stands in the others already. */
  fields: Record<string, string>
}

/** Pages of Holdfast are made by itself and well-formed; this reads no others. */
export function formsIn(page: string): Form[] {
  return [...page.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, attributes = '', content = '']) => ({
    action: attributeOf(attributes, 'action') ?? '',
    fields: Object.fromEntries(
      [...content.matchAll(/<input\b([^>]*)>/gs)].flatMap(([, own = '']) => {
        const name = attributeOf(own, 'name')
        return name === undefined ? [] : [[name, attributeOf(own, 'value') ?? '']]
      }),
    ),
  }))
}

/** Where a link leads that is known by its id. */
export function linkIn(page: string, id: string): string | undefined {
  const tag = [...page.matchAll(/<a\b([^>]*)>/gs)].find(([, own = '']) => attributeOf(own, 'id') === id)
  return tag && attributeOf(tag[1]!, 'href')
}

function attributeOf(attributes: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1]
  return found?.replace(/&(?:#39|lt|gt|quot|amp);/g, (entity) => ENTITIES[entity]!)
}

const ENTITIES: Record<string, string> = { '&#39;': "'", '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' }
