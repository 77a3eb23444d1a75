import './design/css/main.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { router } from './router'

// After an upgrade of the server the files that an open page wants to load are gone: take the new page, but do not
// go in circles when it is the network that is gone.
const RELOAD_PAUSE_MS = 30_000
window.addEventListener('vite:preloadError', () => {
  const last = Number(sessionStorage.getItem('salon.reloaded') ?? 0)
  if (Date.now() - last < RELOAD_PAUSE_MS) return
  sessionStorage.setItem('salon.reloaded', String(Date.now()))
  location.reload()
})

createApp(App).use(createPinia()).use(router).mount('#app')
