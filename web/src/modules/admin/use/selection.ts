import { ref } from 'vue'

/** Ticked rows of a list. */
export function useSelection() {
  const selected = ref<string[]>([])
  return { selected, clear: () => { selected.value = [] } }
}
