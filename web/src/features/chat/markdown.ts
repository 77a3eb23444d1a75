import MarkdownIt, { type Token } from 'markdown-it'
import { h, type VNode } from 'vue'

/**
 * The part of Markdown that suits a conversation: emphasis, code, quotes, lists and links. No images, headings,
 * tables or HTML. What is not understood stays the text it was.
 */
const parser = new MarkdownIt('zero', { html: false, linkify: true, breaks: true, maxNesting: 20 }).enable([
  'emphasis',
  'strikethrough',
  'backticks',
  'fence',
  'blockquote',
  'list',
  'link',
  'autolink',
  'linkify',
  'newline',
  'escape',
])
// Without a scheme too much becomes a link that is none: `main.py` is not a page in Paraguay.
parser.linkify.set({ fuzzyLink: false, fuzzyIP: false }).add('ftp:', null).add('//', null)
parser.validateLink = isSafeLink

/** Only schemes that open a page or a letter. A browser ignores some control characters in a scheme: none may be in it. */
export function isSafeLink(link: string): boolean {
  return /^(https?:\/\/|mailto:)[^\s\p{Cc}]+$/iu.test(link)
}

const BLOCKS: Record<string, string> = {
  paragraph: 'p',
  blockquote: 'blockquote',
  bullet_list: 'ul',
  ordered_list: 'ol',
  list_item: 'li',
  strong: 'strong',
  em: 'em',
  s: 's',
}

export interface Mention {
  name: string
  /** It speaks to the reader. */
  me: boolean
}

const parsed = new Map<string, Token[]>()
const PARSED_AT_MOST = 400

function parse(body: string): Token[] {
  const known = parsed.get(body)
  if (known) return known
  if (parsed.size >= PARSED_AT_MOST) parsed.clear()
  const tokens = parser.parse(body, {})
  parsed.set(body, tokens)
  return tokens
}

type Child = VNode | string
interface Open {
  type: string
  make: (children: Child[]) => VNode
  children: Child[]
}

/** A message's text as nodes. Everything a person wrote ends in text nodes and checked link targets. */
export function render(body: string, mentions: Mention[] = []): Child[] {
  return tree(parse(body), mentionFinder(mentions))
}

type Find = (text: string) => Child[]

function tree(tokens: Token[], find: Find): Child[] {
  const root: Open = { type: '', make: () => h('span'), children: [] }
  const stack = [root]
  for (const token of tokens) {
    const top = stack.at(-1)!
    if (token.nesting === 1) stack.push({ type: token.type, make: opened(token), children: [] })
    else if (token.nesting === -1) {
      if (stack.length > 1) stack.at(-2)!.children.push(stack.pop()!.make(top.children))
    } else top.children.push(...leaf(token, insideLink(stack) ? plain : find))
  }
  return root.children
}

const plain: Find = (text) => (text ? [text] : [])
const insideLink = (stack: Open[]) => stack.some(({ type }) => type === 'link_open')

function opened(token: Token): Open['make'] {
  if (token.type === 'link_open') return (children) => link(String(token.attrGet('href') ?? ''), children)
  const tag = BLOCKS[token.type.replace(/_open$/, '')] ?? 'span'
  if (tag === 'ol') return (children) => h('ol', { start: token.attrGet('start') ?? 1 }, children)
  // Each line of thought may be in a script of its own direction.
  const props = ['p', 'li'].includes(tag) ? { dir: 'auto' } : {}
  return (children) => h(tag, props, children)
}

function leaf(token: Token, find: Find): Child[] {
  switch (token.type) {
    case 'inline':
      return tree(token.children ?? [], find)
    case 'text':
      return find(token.content)
    case 'softbreak':
    case 'hardbreak':
      return [h('br')]
    case 'code_inline':
      return [h('code', { dir: 'ltr' }, token.content)]
    case 'fence':
      return [h('pre', { dir: 'ltr', tabindex: 0 }, [h('code', token.content.replace(/\n$/, ''))])]
    default:
      return plain(token.content)
  }
}

function link(href: string, children: Child[]): VNode {
  if (!isSafeLink(href)) return h('span', children)
  const shown = children.filter((child) => typeof child === 'string').join('')
  const elsewhere = misleading(shown, href)
  return h('a', { href, target: '_blank', rel: 'noopener noreferrer nofollow ugc' }, [
    ...children,
    ...(elsewhere ? [h('small', ` (${elsewhere})`)] : []),
  ])
}

/** The real host, when the text of a link reads like another one. */
function misleading(shown: string, href: string): string | undefined {
  const said = /^\s*(?:https?:\/\/)?([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)/iu.exec(shown)?.[1]
  if (!said || !URL.canParse(href)) return undefined
  const { host } = new URL(href)
  return host && host.toLowerCase() !== said.toLowerCase() && !shown.includes('@') ? host : undefined
}

/** Finds `@name` in a text, whole names only and the longest that fits. */
function mentionFinder(mentions: Mention[]): Find {
  const known = new Map(mentions.filter(({ name }) => name).map((one) => [one.name.toLowerCase(), one]))
  if (known.size === 0) return plain
  const names = [...known.keys()].sort((a, b) => b.length - a.length).map(escaped)
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_@])@(${names.join('|')})(?![\\p{L}\\p{N}_])`, 'giu')
  return (text) => {
    const parts: Child[] = []
    let from = 0
    for (const match of text.matchAll(pattern)) {
      parts.push(...plain(text.slice(from, match.index)))
      const me = known.get(match[1]!.toLowerCase())?.me ?? false
      parts.push(h('span', { class: me ? 'mention me' : 'mention' }, [h('bdi', match[0])]))
      from = match.index + match[0].length
    }
    parts.push(...plain(text.slice(from)))
    return parts
  }
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

const signs =
  typeof Intl.Segmenter === 'function' ? new Intl.Segmenter(undefined, { granularity: 'grapheme' }) : null

/** One to three emoji and nothing else: they are shown large. */
export function isJumbo(body: string): boolean {
  if (!signs || body.length > 60) return false
  const shown = [...signs.segment(body)].map(({ segment }) => segment).filter((sign) => sign.trim())
  return (
    shown.length > 0 &&
    shown.length <= 3 &&
    shown.every((sign) =>
      /^(\p{Emoji_Presentation}|\p{Extended_Pictographic}\u{FE0F}|\p{Regional_Indicator}{2})/u.test(sign),
    )
  )
}
