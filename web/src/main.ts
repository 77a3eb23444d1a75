import './design/css/main.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { takeNewPage } from './core/new-page'
import { router } from './router'

window.addEventListener('vite:preloadError', () => void takeNewPage())

createApp(App).use(createPinia()).use(router).mount('#app')
