import { shallowRef } from 'vue'

/** Which of the frame's dialogs is open; menus and panels open them by name. */
export type DialogName = 'invite' | 'profile' | 'settings' | 'attendance'
export const openDialog = shallowRef<DialogName | null>(null)
