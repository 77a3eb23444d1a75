const coarse = typeof matchMedia === 'function' && matchMedia('(pointer: coarse)').matches

/** Phones have choosers for folders in name only, if at all. */
export const canPickFolder = !coarse && 'webkitdirectory' in HTMLInputElement.prototype
/** Where a picture can be taken instead of chosen. */
export const hasCamera = coarse
