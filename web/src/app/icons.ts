import type { Component } from 'vue'
import {
  Bell, Box, Calendar, ChatDotRound, Collection, DataAnalysis, Document, Files, FolderOpened, HomeFilled, House, Key, List, Lock, Memo,
  Menu as MenuIcon, Message, OfficeBuilding, Reading, Search, Setting, Star, Tickets, User, View,
} from '@element-plus/icons-vue'

const ICONS: Record<string, Component> = {
  home: House, work: Tickets, documents: Document, document: Document, incoming: Document, exchange: Box, supervision: Bell, meetings: OfficeBuilding,
  information: Memo, calendar: Calendar, services: Collection, petitions: Message, archives: FolderOpened, knowledge: Files, messages: ChatDotRound,
  site: HomeFilled, admin: Setting, setting: Setting, settings: Setting, search: Search, star: Star, list: List, todo: Tickets, to_read: Reading,
  security: Lock, lock: Lock, key: Key, users: User, user: User, people: User, audit: View, stats: DataAnalysis, org: OfficeBuilding,
}

/** Icon of a menu by the server's name for it. */
export function iconOf(name: string | null, key: string): Component {
  return ICONS[name ?? ''] ?? ICONS[key] ?? MenuIcon
}
