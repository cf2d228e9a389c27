/** What stands where on the handling sheet and the circulation sheet. */
import type { Handling, Opinion, Plan, PlanRevision, TimelineItem } from './types'
import { diffPlans, diffText, fromPlan, type PlanChange, type TextPart } from './plan'

/** Opinions of one stage; a step may carry a suffix such as `instruct_in_order`. The order is the server's (rank). */
export const opinionsAt = (list: Opinion[], ...stages: string[]): Opinion[] => list.filter((o) => stages.some((s) => o.step === s || o.step.startsWith(`${s}_`)))

export interface RevisionView { by: string; at: number; step: string; text: TextPart[]; changes: PlanChange[] }
/** Each revision against what followed it; the last one against the plan in force. */
export function revisionViews(revisions: PlanRevision[], now: Plan): RevisionView[] {
  const sorted = [...revisions].sort((a, b) => a.at - b.at)
  return sorted.map((r, i) => {
    const after = sorted[i + 1]?.before ?? now
    const names = (p: Plan): Plan => ({ ...p, people: { ...now.people, ...p.people }, nodes: { ...now.nodes, ...p.nodes } })
    return {
      by: r.by, at: r.at, step: r.step_title,
      text: diffText(r.before.proposed_handling, after.proposed_handling),
      changes: diffPlans(fromPlan(names(r.before)), fromPlan(names(after))).filter((c) => c.key !== 'proposed'),
    }
  })
}

export const unitsOf = (h: Handling[], plan: Plan | null, role: 'lead' | 'assist'): string => {
  const sent = h.filter((x) => x.role === role).map((x) => x.unit_name)
  if (sent.length || !plan) return sent.join('、')
  return plan.undertakings.filter((u) => u.role === role).map((u) => plan.nodes?.[u.node_id] ?? '').filter(Boolean).join('、')
}
/** Liaison → head → handler, as far as it has come. */
export const chainOf = (h: Handling): string[] => [h.liaison && `${h.liaison}（综合代表）`, h.head && `${h.head}（负责人）`, h.undertaker && `${h.undertaker}（承办）`].filter((x): x is string => !!x)
/** Who sent the document here last. */
export const lastSender = (t: TimelineItem[]): TimelineItem | null => [...t].sort((a, b) => b.seq - a.seq).find((i) => i.to.length > 0) ?? null

/** Who last changed the text of the proposal after it was signed: the sheet names him, so that no words stand under another's name. */
export function lastEditor<R extends { by: string; at: number; step_title: string; before: { proposed_handling: string } }>(revisions: R[], now: { proposed_handling: string } | null): R | null {
  let found: R | null = null
  const sorted = [...revisions].sort((a, b) => a.at - b.at)
  sorted.forEach((r, i) => {
    const after = sorted[i + 1]?.before ?? now
    if (after && after.proposed_handling !== r.before.proposed_handling) found = r
  })
  return found
}
