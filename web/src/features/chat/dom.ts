import { createApp, h, type VNode } from 'vue'

/** Puts nodes on a page, for the tests of this folder. */
export function shown(children: (VNode | string)[]): HTMLElement {
  const root = document.createElement('div')
  createApp({ render: () => h('div', children) }).mount(root)
  return root.firstElementChild as HTMLElement
}
