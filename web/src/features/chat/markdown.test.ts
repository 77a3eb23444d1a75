import { describe, expect, it } from 'vitest'
import { shown } from './dom'
// Messages that try to become more than text; the browser tests send the same ones.
import HOSTILE from './hostile.json'
import { isJumbo, isSafeLink, render, type Mention } from './markdown'

const html = (body: string, mentions: Mention[] = []) => shown(render(body, mentions)).innerHTML
const text = (body: string) => shown(render(body)).textContent

describe('markdown', () => {
  it('[C2] knows emphasis, code, quotes and lists', () => {
    expect(html('**b** *i* ~~s~~ `c`')).toBe(
      '<p dir="auto"><strong>b</strong> <em>i</em> <s>s</s> <code dir="ltr">c</code></p>',
    )
    expect(html('> said\n\n- one\n- two')).toBe(
      '<blockquote><p dir="auto">said</p></blockquote><ul><li dir="auto"><p dir="auto">one</p></li><li dir="auto"><p dir="auto">two</p></li></ul>',
    )
    expect(html('3. three')).toContain('<ol start="3">')
    expect(html('```\na  b\n<i>\n```')).toBe('<pre dir="ltr" tabindex="0"><code>a  b\n&lt;i&gt;</code></pre>')
  })

  it('[C2] keeps line breaks, and what is no part of it as it was typed', () => {
    expect(html('one\ntwo')).toBe('<p dir="auto">one<br>two</p>')
    for (const body of ['# title', '| a | b |', '![x](y)', '<b>x</b>', '&lt;', '***', '    indented'])
      expect(text(body)?.trim()).toBe(body.trim())
  })

  it('[C2] links open elsewhere and say nothing of where they come from', () => {
    for (const body of [
      'https://example.org/a?b=1&c=2',
      '<https://example.org>',
      '[x](http://example.org)',
    ]) {
      const link = shown(render(body)).querySelector('a')!
      expect(link.rel).toBe('noopener noreferrer nofollow ugc')
      expect(link.target).toBe('_blank')
      expect(link.href).toMatch(/^https?:\/\/example\.org/)
    }
    expect(shown(render('write to ada@example.org')).querySelector('a')!.href).toBe('mailto:ada@example.org')
    expect(html('see main.py and //example.org and ftp://example.org')).not.toContain('<a')
  })

  it('[C2] a link that reads like another host tells the real one', () => {
    expect(text('[https://bank.example](https://evil.example/x)')).toBe('https://bank.example (evil.example)')
    expect(text('[bank.example/login](https://bank.example/login)')).toBe('bank.example/login')
    expect(text('[my page](https://evil.example)')).toBe('my page')
  })

  it('[C2] only http, https and mailto are links', () => {
    for (const good of ['http://a', 'https://a/b', 'mailto:a@b', 'HTTPS://A'])
      expect(isSafeLink(good)).toBe(true)
    for (const bad of [
      'javascript:alert(1)',
      'java\nscript:alert(1)',
      ' https://a',
      'data:text/html,x',
      'vbscript:x',
      'file:///etc/passwd',
      'blob:http://a/b',
      'https:a',
      '//a',
      '/a',
      '',
    ])
      expect(isSafeLink(bad)).toBe(false)
  })

  it('[C2] marks mentions by whole names, the longest first', () => {
    const people = [
      { name: 'Ana', me: false },
      { name: 'Ana Maria', me: true },
      { name: 'a.b*(c)', me: false },
    ]
    expect(html('@ana Maria, hi', people)).toContain(
      '<span class="mention me"><bdi>@ana Maria</bdi></span>, hi',
    )
    expect(html('(@Ana)', people)).toContain('(<span class="mention"><bdi>@Ana</bdi></span>)')
    expect(html('@a.b*(c)!', people)).toContain('<bdi>@a.b*(c)</bdi>')
    for (const none of ['@Anabel', 'x@Ana', '@@Ana', '`@Ana`', '[@Ana](https://a.example)'])
      expect(html(none, people)).not.toContain('class="mention')
  })

  it('[C2] few emoji alone are large', () => {
    for (const yes of ['🎉', '👍🏽 👍', '❤️', '👨‍👩‍👧‍👦', '🇪🇸']) expect(isJumbo(yes)).toBe(true)
    for (const no of ['', '1', 'a', '🎉!', '🎉🎉🎉🎉', '©', '12 ❤️ x']) expect(isJumbo(no)).toBe(false)
  })

  it('[C2] survives anything', () => {
    for (const body of [
      '>'.repeat(4_000),
      '*'.repeat(4_000),
      '[('.repeat(2_000),
      '`'.repeat(3_999),
      '- '.repeat(2_000),
    ]) {
      const began = performance.now()
      shown(render(body))
      expect(performance.now() - began).toBeLessThan(1_000)
    }
  })
})

describe('hostile messages', () => {
  const ALLOWED = new Set([
    'A',
    'BLOCKQUOTE',
    'BR',
    'CODE',
    'EM',
    'LI',
    'OL',
    'P',
    'PRE',
    'S',
    'SMALL',
    'SPAN',
    'STRONG',
    'UL',
    'BDI',
  ])
  const ATTRIBUTES = new Set(['href', 'target', 'rel', 'dir', 'class', 'start', 'tabindex'])

  for (const body of HOSTILE)
    it(`[C2] ${JSON.stringify(body.slice(0, 60))}`, () => {
      const root = shown(render(body, [{ name: '<img src=x onerror=alert(1)>', me: true }]))
      for (const element of root.querySelectorAll('*')) {
        expect(ALLOWED).toContain(element.tagName)
        for (const { name } of element.attributes) expect(ATTRIBUTES).toContain(name)
        const href = element.getAttribute('href')
        if (href !== null) expect(href).toMatch(/^(https?:\/\/|mailto:)/i)
      }
    })
})
