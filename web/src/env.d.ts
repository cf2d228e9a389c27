/// <reference types="vite/client" />
import 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** Page title, shown in the breadcrumb and the browser tab. */
    title?: string
    /** Reachable without login, drawn without the frame. */
    public?: boolean
    /** Drawn without header and menu (still needs login). */
    blank?: boolean
    /** Permission key the page needs; without it the 403 page is drawn. */
    permission?: string
  }
}
