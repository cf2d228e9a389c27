/** Unsaved changes are not lost by a wrong click. */
import { onBeforeRouteLeave } from 'vue-router'
import { confirm } from '@/shared/ui/confirm'
import { useListener } from '@/shared/ui/media'

export function useLeaveGuard(dirty: () => boolean, text = '填写的内容还没有提交，离开后将丢失。'): void {
  onBeforeRouteLeave(async () => (dirty() ? confirm('离开此页？', text, '离开') : true))
  useListener('beforeunload', (e) => { if (dirty()) e.preventDefault() })
}
