import { Database, DoorOpen, Gauge, Megaphone, ScrollText, UsersRound } from '@lucide/vue'
import type { Component } from 'vue'

/** One page of the administration: a file of its own, and a line here. */
export interface AdminTab {
  /** In its address, /admin/<id>. */
  id: string
  title: string
  icon: Component
  page: () => Promise<{ default: Component }>
}

export const TABS: [AdminTab, ...AdminTab[]] = [
  { id: 'users', title: 'Users', icon: UsersRound, page: () => import('./UsersTab.vue') },
  { id: 'rooms', title: 'Rooms', icon: DoorOpen, page: () => import('./RoomsTab.vue') },
  {
    id: 'announcements',
    title: 'Announcements',
    icon: Megaphone,
    page: () => import('./AnnouncementsTab.vue'),
  },
  { id: 'limits', title: 'Limits', icon: Gauge, page: () => import('./LimitsTab.vue') },
  { id: 'storage', title: 'Storage', icon: Database, page: () => import('./StorageTab.vue') },
  { id: 'audit', title: 'Audit', icon: ScrollText, page: () => import('./AuditTab.vue') },
]
