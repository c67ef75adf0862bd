import {
  Bell, Box, Braces, Code, Database, FilePen, FileSearch, Filter, Fingerprint, GitFork, Globe, Hash, Link, ListPlus, Mail, Merge, MessageSquare, Octagon, PencilLine, Play,
  Radar, Repeat, Search, Send, Server, Shield, ShieldAlert, Siren, Split, Tag, Terminal, Timer, User, Workflow, type LucideIcon,
} from "lucide-react";

/** The names that node types may use. An unknown name is a box, not an error: nodes can come from elsewhere. */
const ICONS: Record<string, LucideIcon> = {
  bell: Bell, braces: Braces, code: Code, database: Database, "file-pen": FilePen, "file-search": FileSearch, filter: Filter, fingerprint: Fingerprint, "git-fork": GitFork,
  globe: Globe, hash: Hash, link: Link, "list-plus": ListPlus, mail: Mail, merge: Merge, "message-square": MessageSquare, octagon: Octagon, "pencil-line": PencilLine, play: Play,
  radar: Radar, virustotal: Radar, repeat: Repeat, search: Search, send: Send, slack: Hash, server: Server, shield: Shield, "shield-alert": ShieldAlert, siren: Siren, split: Split, tag: Tag,
  terminal: Terminal, timer: Timer, user: User, workflow: Workflow,
};

export function NodeIcon({ name, className = "size-4" }: { name: string; className?: string }) {
  const Icon = ICONS[name] ?? Box;
  return <Icon aria-hidden className={className} />;
}
