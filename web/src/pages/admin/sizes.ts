export { sizeOf } from '@/design/sizes'
