import { ref } from 'vue'

/** Title the current page gave itself; the frame shows it as the last crumb. */
export const pageTitle = ref('')
let site = '中书'

export function setSiteTitle(name: string): void {
  site = name
  document.title = pageTitle.value ? `${pageTitle.value} - ${site}` : site
}
export function setPageTitle(title: string): void {
  pageTitle.value = title
  document.title = title ? `${title} - ${site}` : site
}
