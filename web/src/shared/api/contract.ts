// Holds the pages to the server: every field that a page reads must be one that the server's OpenAPI document names.
// Only types; `npm run typecheck` is the test. `schema.d.ts` is generated from tests/golden/openapi.json.
import type * as T from './types'
import type { components, paths } from './schema'

type S = components['schemas']
/** Keys of A that B lacks; `true` when there is none. */
type Covers<A, B> = [Exclude<keyof A, keyof B>] extends [never] ? true : Exclude<keyof A, keyof B>
type Expect<X extends true> = X
type Known<P extends keyof paths> = P

export type Fields = [
  Expect<Covers<T.Bootstrap, S['Bootstrap']>>,
  Expect<Covers<T.Me, S['Me']>>,
  Expect<Covers<T.Identity, S['Identity']>>,
  Expect<Covers<T.Counts, S['LiveCounts']>>,
  Expect<Covers<T.SessionRow, S['SessionOut']>>,
  Expect<Covers<T.Phrase, S['Phrase']>>,
  Expect<Covers<T.Delegation, S['DelegationOut']>>,
  Expect<Covers<T.WorkItem, S['WorkItem']>>,
  Expect<Covers<T.DraftRow, S['Draft']>>,
  Expect<Covers<T.FileInfo, S['Attachment']>>,
  Expect<Covers<T.OrgNode, S['Node']>>,
  Expect<Covers<T.PersonRow, S['PersonRow']>>,
  Expect<Covers<T.Ink, S['Ink']>>,
  Expect<Covers<T.Opinion, S['Opinion']>>,
  Expect<Covers<T.MyTask, S['MyTask']>>,
  Expect<Covers<T.Act, S['Act']>>,
  Expect<Covers<T.TimelineItem, S['TimelineItem']>>,
  Expect<Covers<T.FlowStep, S['FlowStep']>>,
  Expect<Covers<T.ActResult, S['ActOut']>>,
]

export type Paths = [
  Known<'/api/v1/login'>,
  Known<'/api/v1/work/todo'>,
  Known<'/api/v1/incoming/{id}/register'>,
  Known<'/api/v1/incoming/register_book'>,
  Known<'/api/v1/incoming/ledger'>,
  Known<'/api/v1/files/{id}/preview'>,
]
