import type { Component } from 'vue'

export interface MenuEntry {
  label: string
  icon?: Component
  danger?: boolean
  disabled?: boolean
  /** Given: the entry is one that is on or off. */
  checked?: boolean
  run: () => void
}
