import { createApp } from 'vue'
import { createPinia } from 'pinia'
import { VueQueryPlugin } from '@tanstack/vue-query'
import '@/shared/styles/base.css'
import App from './App.vue'
import { queryClient } from './query'
import { makeRouter } from './router'
import { connectHttp } from './guards'

const app = createApp(App)
const router = makeRouter()
app.use(createPinia())
app.use(VueQueryPlugin, { queryClient })
connectHttp(router)
app.use(router)
app.mount('#app')

if ('serviceWorker' in navigator && import.meta.env.PROD) {
  window.addEventListener('load', () => void navigator.serviceWorker.register('/sw.js').catch(() => undefined))
}
