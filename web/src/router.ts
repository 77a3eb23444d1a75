import { createRouter, createWebHistory } from 'vue-router'
import Landing from './pages/Landing.vue'

export const router = createRouter({
  history: createWebHistory(),
  routes: [{ path: '/', name: 'landing', component: Landing }],
})
