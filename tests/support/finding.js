// Finds things in a page by what screen readers are given: their role and their name. Put before functions that are
// called there. Firefox's own way of finding by these waits until nothing moves any more, which may be never.
const TEXTS = 'input:not([type]), input[type=text], input[type=email], input[type=search], input[type=password], textarea'
const BY_ROLE = {
  article: 'article',
  button: 'button, summary',
  checkbox: 'input[type=checkbox]',
  combobox: 'select',
  dialog: 'dialog',
  heading: 'h1, h2, h3, h4, h5, h6',
  img: 'img[alt]',
  link: 'a[href]',
  list: 'ul, ol',
  listitem: 'li',
  navigation: 'nav',
  radio: 'input[type=radio]',
  region: 'section[aria-label], section[aria-labelledby]',
  slider: 'input[type=range]',
  textbox: TEXTS,
}
const NAMED_BY_CONTENT = ['button', 'heading', 'link', 'menuitem', 'option', 'switch', 'tab']

const plain = (text) => text.replace(/\s+/g, ' ').trim()

/** What is read out of it. */
function words(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data
  if (node.nodeType !== Node.ELEMENT_NODE || node.ariaHidden === 'true' || !node.checkVisibility()) return ''
  return node.ariaLabel || node.alt || [...node.childNodes].map(words).join(' ')
}

function nameOf(node, role) {
  const by = node.getAttribute('aria-labelledby')
  if (by) return plain(by.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' '))
  if (node.ariaLabel) return plain(node.ariaLabel)
  if (node.labels?.length) return plain([...node.labels].map(words).join(' '))
  return plain((NAMED_BY_CONTENT.includes(role) ? words(node) : node.alt) || node.title || node.placeholder || '')
}

/** All that are visible and fit; `text` stands somewhere in them. */
function find({ css, role, name, text, within }) {
  const roots = within ? find(within) : [document]
  if (roots.length !== 1) return []
  const implied = BY_ROLE[role] ? `, :is(${BY_ROLE[role]}):not([role])` : ''
  const fits = (node) =>
    node.checkVisibility({ visibilityProperty: true }) &&
    (!role || !node.closest('[aria-hidden=true], [inert]')) &&
    (!name || nameOf(node, role) === name) &&
    (!text || plain(node.innerText ?? '').includes(text))
  return [...roots[0].querySelectorAll(css || `[role=${role}]${implied}`)].filter(fits)
}

/** The only one; nothing while there is none, or still another one. */
function theOne(where) {
  const found = find(where)
  return found.length === 1 ? found[0] : null
}
