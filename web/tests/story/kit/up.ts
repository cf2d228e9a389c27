/** The demonstration county that most stories share. */
import { PASSWORD, Server } from './server'
import { Api } from './api'

export default async function up(): Promise<() => Promise<void>> {
  const s = await Server.demo(60).start()
  process.env.ZS_STORY_URL = s.url
  process.env.ZS_STORY_DIR = s.dir
  await new Api(s.url).login('shoufa', PASSWORD)
  return () => s.remove()
}
