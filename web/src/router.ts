import { createRouter, createWebHistory } from 'vue-router'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'landing', component: () => import('./pages/Landing.vue') },
    { path: '/rooms', name: 'rooms', component: () => import('./pages/dashboard/RoomsPage.vue') },
    { path: '/r/:link', name: 'room', component: () => import('./pages/RoomPage.vue'), props: true },
    {
      path: '/r/:link/screen',
      name: 'screen',
      component: () => import('./pages/screen/ScreenPage.vue'),
      props: true,
      // A projector shows the room and nothing of whose computer it is.
      meta: { bare: true },
    },
    { path: '/knock/:ticket', name: 'knock', component: () => import('./pages/KnockPage.vue'), props: true },
    { path: '/share', name: 'share', component: () => import('./pages/share/SharePage.vue') },
    { path: '/account', name: 'account', component: () => import('./pages/account/AccountPage.vue') },
    { path: '/account/reset', name: 'reset', component: () => import('./pages/account/ResetPage.vue') },
    { path: '/account/verify', name: 'verify', component: () => import('./pages/account/VerifyPage.vue') },
    {
      path: '/admin/:tab?',
      name: 'admin',
      component: () => import('./pages/admin/AdminPage.vue'),
      props: true,
    },
    { path: '/plans', name: 'plans', component: () => import('./pages/plans/PlansPage.vue') },
    { path: '/plans/new', name: 'plan-new', component: () => import('./pages/plans/NewPlanPage.vue') },
    {
      path: '/plans/decline',
      name: 'plan-decline',
      component: () => import('./pages/plans/DeclinePage.vue'),
    },
    { path: '/plans/:id', name: 'plan', component: () => import('./pages/plans/PlanPage.vue'), props: true },
    {
      path: '/plans/:id/edit',
      name: 'plan-edit',
      component: () => import('./pages/plans/EditPlanPage.vue'),
      props: true,
    },
    { path: '/:rest(.*)*', name: 'lost', component: () => import('./pages/LostPage.vue') },
  ],
  scrollBehavior: () => ({ top: 0 }),
})
