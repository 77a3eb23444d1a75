// Generated from the Python contract by `make contract`. Do not edit.

export type Role = "owner" | "cohost" | "participant" | "audience";

export type StreamName = "room" | "hosts" | "me";

export type RefusalCode =
  | "invalid"
  | "too_large"
  | "unknown_command"
  | "session_required"
  | "origin_refused"
  | "rate_limited"
  | "unavailable"
  | "internal"
  | "room_unknown"
  | "room_closed"
  | "room_full"
  | "pin_unknown"
  | "knock_unknown"
  | "not_joined"
  | "already_joined"
  | "removed"
  | "banned"
  | "forbidden"
  | "name_required"
  | "name_too_long"
  | "person_unknown"
  | "activity_unknown"
  | "activity_off"
  | "message_empty"
  | "message_too_long"
  | "message_unknown"
  | "muted"
  | "participants_only"
  | "slow_mode"
  | "direct_off"
  | "sign_in_required"
  | "proof_required"
  | "credentials_wrong"
  | "password_weak"
  | "email_invalid"
  | "email_taken"
  | "already_signed_in"
  | "account_disabled"
  | "account_unknown"
  | "link_expired"
  | "picture_invalid"
  | "provider_failed"
  | "provider_unknown"
  | "emoji_invalid";

/** Fields that are left out stay as they are. */
export interface ChatChangeSettings {
  slow_seconds?: number | null;
  participants_only?: boolean | null;
  direct?: boolean | null;
}

/** Delete every message of the room's chat so far. */
export type ChatClear = Record<string, never>;

export interface ChatCleared {
  upto: number;
}

/** The room's chat, or a direct one, as one person sees it. */
export interface ChatConversation {
  peer: string | null;
  /** Empty for the room's chat. */
  peer_name: string;
  /** The number of the newest message. */
  last: number;
  /** Messages up to this number were cleared away. */
  cleared: number;
  /** How far this person has read. */
  read: number;
  /** The newest ones, oldest first; older ones by ``chat.history``. */
  messages: ChatMessage[];
}

/** Delete one's own message; hosts any of the room's chat. */
export interface ChatDelete {
  message: string;
}

/** Change one's own message. */
export interface ChatEdit {
  message: string;
  body: string;
}

export interface ChatFound {
  /** Newest first. */
  found: ChatFoundMessage[];
  more: boolean;
}

export interface ChatFoundMessage {
  peer: string | null;
  message: ChatMessage;
}

/** Messages older than ``before``, or newer than ``after`` when that is given; cleared ones are left out. */
export interface ChatHistory {
  before?: number | null;
  after?: number | null;
  limit?: number;
  peer?: string | null;
}

export interface ChatMessage {
  id: string;
  n: number;
  /** The id of the command that sent it, by which the sender's page knows its own. */
  key: string;
  author: string;
  /** The author's name when it was sent. */
  name: string;
  /** Null when it was deleted. */
  body: string | null;
  at: number;
  edited_at: number | null;
  reply_to: ChatQuote | null;
  mentions: string[];
  /** In the order in which they were first given. */
  reactions: ChatReaction[];
  pinned: boolean;
}

/** The text is gone, also from replies that quote it, and it is no longer pinned. */
export interface ChatMessageDeleted {
  peer: string | null;
  messages: string[];
}

export interface ChatMessageEdited {
  peer: string | null;
  message: string;
  body: string;
  /** What replies to it quote now. */
  excerpt: string;
  mentions: string[];
  edited_at: number;
}

export interface ChatMessagePage {
  /** Oldest first. */
  messages: ChatMessage[];
}

export interface ChatMessagePinned {
  message: ChatMessage;
  on: boolean;
}

export interface ChatMessageSent {
  peer: string | null;
  peer_name: string;
  message: ChatMessage;
}

/** Pin a message of the room's chat for everyone, or take it off. */
export interface ChatPin {
  message: string;
  on: boolean;
}

/** The message that a reply answers. */
export interface ChatQuote {
  message: string;
  name: string;
  /** The beginning of its text, on one line; null when it was deleted. */
  excerpt: string | null;
}

export interface ChatReact {
  message: string;
  emoji: string;
  on: boolean;
}

export interface ChatReacted {
  peer: string | null;
  message: string;
  emoji: string;
  count: number;
  person: string;
  on: boolean;
}

export interface ChatReaction {
  emoji: string;
  count: number;
  mine: boolean;
}

export interface ChatReactors {
  names: string[];
}

/** Say how far one has read, so that all own devices know. It never goes back. */
export interface ChatRead {
  upto: number;
  peer?: string | null;
}

/** Own stream only. */
export interface ChatReadUpTo {
  peer: string | null;
  upto: number;
}

/** Messages that hold the text, in the room's chat and in one's own direct ones. */
export interface ChatSearch {
  text: string;
  /** Only messages sent earlier, for the next page. */
  before?: number | null;
}

export interface ChatSend {
  body: string;
  reply_to?: string | null;
  peer?: string | null;
}

export interface ChatSent {
  message: string;
  n: number;
}

export interface ChatSettings {
  /** Seconds between two messages of one person; 0 is off. Hosts are exempt. */
  slow_seconds: number;
  /** The audience may read only. */
  participants_only: boolean;
  /** People may write to each other directly. */
  direct: boolean;
}

export interface ChatSettingsChanged {
  settings: ChatSettings;
}

export interface ChatSnapshot {
  settings: ChatSettings;
  room: ChatConversation;
  /** The newest conversation first. */
  direct: ChatConversation[];
  /** Pinned messages, in their order in the chat. */
  pins: ChatMessage[];
}

/** Tell that one is typing; at most every second or two while it lasts. */
export interface ChatTyping {
  peer?: string | null;
}

/** Who began or went on typing just now; take it to last four seconds. */
export interface ChatTypingNow {
  people: string[];
  peer?: string | null;
}

export interface ChatWhoReacted {
  message: string;
  emoji: string;
}

/** The answer of a command that has nothing to tell beyond "done". */
export type Nothing = Record<string, never>;

/** Let in somebody who knocks. */
export interface PeopleAdmit {
  knock: string;
}

/** Send somebody out for good: only the owner can lift it. May delete all they wrote. */
export interface PeopleBan {
  person: string;
  delete_messages?: boolean;
}

/** New states of people; what many did within a tenth of a second is one event. */
export interface PeopleChanged {
  /** Whole new states of people who are here. */
  people: PeoplePerson[];
  /** Which of them were not here before. */
  joined: string[];
  /** Who is not here any more. */
  left: string[];
}

/** Turn away somebody who knocks. */
export interface PeopleDecline {
  knock: string;
}

/** Make somebody else the owner. The one who was becomes a co-host. */
export interface PeopleHandOver {
  person: string;
}

export interface PeopleHostsSnapshot {
  knocks: PeopleKnock[];
  removed: PeopleRemovedPerson[];
}

/** Come into the room. The name gets a suffix when somebody has it already. */
export interface PeopleJoin {
  name: string;
  about?: string;
}

export interface PeopleJoined {
  person: string;
}

/** Somebody who asks to come in. */
export interface PeopleKnock {
  id: string;
  name: string;
  about: string;
  at: number;
}

/** Hosts only. */
export interface PeopleKnockSettled {
  knock: string;
  outcome: "accepted" | "declined" | "unanswered";
}

/** Hosts only. */
export interface PeopleKnocked {
  knock: PeopleKnock;
}

/** Go, with all tabs and devices. The role is kept for coming back. */
export type PeopleLeave = Record<string, never>;

/** Stop somebody from writing in the chat, or allow it again. */
export interface PeopleMute {
  person: string;
  muted: boolean;
}

/** The receiver is out of the room; the connection ends now. */
export interface PeopleOut {
  reason: "removed" | "banned" | "left" | "full";
}

/** Somebody who is in the room now; several tabs and devices are one person. */
export interface PeoplePerson {
  id: string;
  name: string;
  about: string;
  role: "owner" | "cohost" | "participant" | "audience";
  /** The kinds of device that are connected, each once. Empty for a short while after the connection was lost. */
  devices: ("phone" | "tablet" | "desktop" | "bot")[];
  /** May not write in the chat. */
  muted: boolean;
  /** Here without a break since. */
  since: number;
}

/** Hosts only. */
export interface PeoplePersonReadmitted {
  person: string;
}

/** Hosts only. */
export interface PeoplePersonRemoved {
  person: PeopleRemovedPerson;
  /** Whether all that the person wrote was deleted with it. */
  messages_deleted: boolean;
}

/** Let a removed person come back; a banned one only the owner lets back. */
export interface PeopleReadmit {
  person: string;
}

/** Send somebody out. They cannot come back until a host lets them. */
export interface PeopleRemove {
  person: string;
}

/** Somebody who was sent out and cannot come back unless a host lets them. */
export interface PeopleRemovedPerson {
  id: string;
  name: string;
  banned: boolean;
  at: number;
}

/** Promote or demote somebody of lower standing than one's own. */
export interface PeopleSetRole {
  person: string;
  role: "cohost" | "participant" | "audience";
}

export interface PeopleSnapshot {
  me: string;
  /** In the order in which they came. */
  people: PeoplePerson[];
  /** Only for hosts. */
  hosts: PeopleHostsSnapshot | null;
}

/** Change one's own name or line. Fields that are left out stay as they are. */
export interface PeopleUpdate {
  name?: string | null;
  about?: string | null;
}

/** End the room for everyone. Its PIN becomes free, what was written in it is deleted. */
export type RoomsClose = Record<string, never>;

/** A room as everyone in it sees it. */
export interface RoomsRoom {
  id: string;
  name: string;
  preset: "stage" | "meeting" | "study" | "drop";
  theme: "linen" | "ember" | "moss" | "tide" | "dusk" | "rose" | "slate" | "honey";
  pin: string;
  /** The token of the share link; the page is ``<public URL>/r/<link>``. */
  link: string;
  /** The activities that are switched on, in the order of the registry. */
  activities: string[];
  /** How many people may be in the room at once; null is as many as come. */
  capacity: number | null;
  /** The role of people who join. */
  newcomers: "participant" | "audience";
  /** The room closes by itself after so many minutes with nobody in it. */
  idle_minutes: number;
  created_at: number;
}

export interface RoomsRoomChanged {
  room: RoomsRoom;
}

export interface RoomsRoomClosed {
  reason: "owner" | "idle" | "admin";
}

export interface RoomsSnapshot {
  room: RoomsRoom;
  /** The share link, from the configured public URL. */
  url: string;
}

/** Switch an activity on or off for everyone. */
export interface RoomsSwitchActivity {
  activity: string;
  on: boolean;
}

/** Change settings of the room. Fields that are left out stay as they are. */
export interface RoomsUpdate {
  name?: string | null;
  theme?: "linen" | "ember" | "moss" | "tide" | "dusk" | "rose" | "slate" | "honey" | null;
  capacity?: number | null;
  newcomers?: "participant" | "audience" | null;
  idle_minutes?: number | null;
}

export interface Commands {
  "chat.clear": { payload: ChatClear; answer: Nothing };
  "chat.delete": { payload: ChatDelete; answer: Nothing };
  "chat.edit": { payload: ChatEdit; answer: Nothing };
  "chat.pin": { payload: ChatPin; answer: Nothing };
  "chat.react": { payload: ChatReact; answer: Nothing };
  "chat.read": { payload: ChatRead; answer: Nothing };
  "chat.send": { payload: ChatSend; answer: ChatSent };
  "chat.settings": { payload: ChatChangeSettings; answer: Nothing };
  "people.admit": { payload: PeopleAdmit; answer: Nothing };
  "people.ban": { payload: PeopleBan; answer: Nothing };
  "people.decline": { payload: PeopleDecline; answer: Nothing };
  "people.hand_over": { payload: PeopleHandOver; answer: Nothing };
  "people.join": { payload: PeopleJoin; answer: PeopleJoined };
  "people.leave": { payload: PeopleLeave; answer: Nothing };
  "people.mute": { payload: PeopleMute; answer: Nothing };
  "people.readmit": { payload: PeopleReadmit; answer: Nothing };
  "people.remove": { payload: PeopleRemove; answer: Nothing };
  "people.role": { payload: PeopleSetRole; answer: Nothing };
  "people.update": { payload: PeopleUpdate; answer: Nothing };
  "rooms.activity": { payload: RoomsSwitchActivity; answer: Nothing };
  "rooms.close": { payload: RoomsClose; answer: Nothing };
  "rooms.update": { payload: RoomsUpdate; answer: Nothing };
}

export interface Queries {
  "chat.history": { payload: ChatHistory; answer: ChatMessagePage };
  "chat.reactors": { payload: ChatWhoReacted; answer: ChatReactors };
  "chat.search": { payload: ChatSearch; answer: ChatFound };
}

export interface ClientSignals {
  "chat.typing": ChatTyping;
}

export interface Events {
  "chat.cleared": ChatCleared;
  "chat.deleted": ChatMessageDeleted;
  "chat.edited": ChatMessageEdited;
  "chat.pinned": ChatMessagePinned;
  "chat.reacted": ChatReacted;
  "chat.read": ChatReadUpTo;
  "chat.sent": ChatMessageSent;
  "chat.settings": ChatSettingsChanged;
  "people.changed": PeopleChanged;
  "people.knock_settled": PeopleKnockSettled;
  "people.knocked": PeopleKnocked;
  "people.readmitted": PeoplePersonReadmitted;
  "people.removed": PeoplePersonRemoved;
  "rooms.changed": RoomsRoomChanged;
  "rooms.closed": RoomsRoomClosed;
}

export interface ServerSignals {
  "chat.typing": ChatTypingNow;
  "people.out": PeopleOut;
}

export interface Snapshots {
  chat: ChatSnapshot;
  people: PeopleSnapshot;
  rooms: RoomsSnapshot;
}
