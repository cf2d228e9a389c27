import type { RouteRecordRaw } from 'vue-router'

/** What a module gives to the application: its routes (menus come from the server). */
export interface WebModule { name: string; routes: RouteRecordRaw[] }

export function defineModule(m: WebModule): WebModule {
  return m
}
