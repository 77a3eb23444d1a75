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
  | "room_locked"
  | "invited_only"
  | "not_invited"
  | "knock_required"
  | "room_password_required"
  | "room_password_wrong"
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
  | "took_too_long"
  | "code_wrong"
  | "second_factor_on"
  | "second_factor_off"
  | "second_factor_required"
  | "provider_failed"
  | "provider_unknown"
  | "plan_unknown"
  | "plan_over"
  | "plans_too_many"
  | "invitees_too_many"
  | "zone_unknown"
  | "time_invalid"
  | "mail_limit"
  | "push_invalid"
  | "push_stopped"
  | "sign_ups_closed"
  | "announcement_unknown"
  | "item_unknown"
  | "item_empty"
  | "item_too_short"
  | "item_too_long"
  | "item_open"
  | "cooling_down"
  | "queue_full"
  | "floor_closed"
  | "upvotes_off"
  | "call_unknown"
  | "call_running"
  | "call_taken"
  | "call_alone"
  | "call_begins_anew"
  | "lines_busy"
  | "person_away"
  | "not_in_call"
  | "call_elsewhere"
  | "call_full"
  | "participant_unknown"
  | "held"
  | "recording_runs"
  | "recording_unknown"
  | "poll_unknown"
  | "poll_state"
  | "poll_invalid"
  | "poll_changed"
  | "poll_not_open"
  | "poll_over"
  | "poll_begun_anew"
  | "poll_anonymous"
  | "polls_too_many"
  | "already_voted"
  | "option_unknown"
  | "choices_wrong"
  | "value_out_of_range"
  | "answer_invalid"
  | "results_hidden"
  | "word_unknown"
  | "import_invalid"
  | "template_unknown"
  | "templates_too_many"
  | "emoji_invalid"
  | "file_unknown"
  | "file_too_large"
  | "room_files_full"
  | "server_files_full"
  | "disk_full"
  | "files_too_many"
  | "uploads_closed"
  | "device_unknown"
  | "text_invalid"
  | "already_answered"
  | "upload_incomplete"
  | "upload_over"
  | "upload_busy"
  | "offset_wrong"
  | "checksum_wrong"
  | "tus_version_wrong"
  | "media_type_wrong"
  | "range_wrong"
  | "todo_unknown"
  | "todos_too_many"
  | "list_unknown"
  | "lists_too_many"
  | "id_taken"
  | "timer_changed"
  | "timer_state"
  | "alarm_unknown"
  | "alarm_past"
  | "alarm_state"
  | "alarms_too_many"
  | "not_previewed";

export interface Attendance {
  at: number;
  /** In the order in which they first came. */
  people: AttendanceAttendee[];
}

/** All stays of one person together. */
export interface AttendanceAttendee {
  person: string;
  name: string;
  /** The kinds that were used. */
  devices: ("phone" | "tablet" | "desktop" | "bot")[];
  stays: number;
  first_joined: number;
  /** Null for somebody who is here now. */
  last_left: number | null;
  /** The beginning of the present stay; null for somebody who has left. */
  since: number | null;
  /** The connection is gone, and they may come back. */
  lost: boolean;
  /** How long they were here altogether, up to ``at``. */
  total_ms: number;
}

/** Who is and was in the room. */
export type AttendanceList = Record<string, never>;

/** A way to a browser (``RTCIceCandidate``); an empty one is the end of them. */
export interface CallCandidate {
  candidate: string;
  mid?: string | null;
  /** ``sdpMLineIndex``. */
  line?: number | null;
  ufrag?: string | null;
}

/** Say what this page sends from now on. Fields that are left out stay as they are. Refused with ``held`` when something that may not be sent is switched on. */
export interface CallChangeMedia {
  microphone?: boolean | null;
  camera?: boolean | null;
  screen?: boolean | null;
  screen_sound?: boolean | null;
}

/** Fields that are left out stay as they are. Fewer places send nobody out. */
export interface CallChangeSettings {
  share?: "everyone" | "hosts" | null;
  record?: "everyone" | "hosts" | null;
  join_muted?: boolean | null;
  pictures?: "auto" | "high" | "low" | "smallest" | null;
  most?: number | null;
}

/** Switch something off for somebody of lower standing and keep it off, or let them have it again. */
export interface CallHold {
  /** Left out: for everybody of lower standing who is in the call; letting go, for everybody of whom it is held. */
  person?: string | null;
  what: "microphone" | "camera" | "screen";
  on: boolean;
}

/** What hosts hold of somebody, whether they are in the call or not: leaving and joining again changes nothing. */
export interface CallHolds {
  person: string;
  what: ("microphone" | "camera" | "screen")[];
}

/** The whole new state for these people; with nothing in ``what`` nothing is held of them any more. */
export interface CallHoldsChanged {
  holds: CallHolds[];
}

/** Come into the call with this very connection, or back into it. The page that was in it says the same line, and has its place again with hand and order. Another page of the same person takes over what nobody has; what a page has that is there, only with ``take`` (else ``call_elsewhere``). The audience sees and hears, and sends nothing. */
export interface CallJoin {
  line: string;
  /** This page has no media connections from before. Without, a page that comes back after a cut goes on with them. */
  anew?: boolean;
  take?: boolean;
  microphone?: boolean;
  camera?: boolean;
  screen?: boolean;
  screen_sound?: boolean;
}

export interface CallJoined {
  /** As it is now: what they may not send, and what newcomers begin without, is off. */
  participant: CallParticipant;
}

/** Go. Only the connection that is in the call; for others nothing happens. */
export type CallLeave = Record<string, never>;

export interface CallLowerHand {
  person: string;
}

/** All of them. */
export type CallLowerHands = Record<string, never>;

/** Somebody who is in the call. Everyone in the room sees it. What is false here is not to be seen or heard: receivers drop such a track even if it comes. So who is held is off for everyone, whatever their own page does. What is true is meant to come; whether it does, each receiver measures. */
export interface CallParticipant {
  /** New for each joining; stays through a reload, a cut and another device of theirs. */
  id: string;
  person: string;
  /** Their connection is here. While it is lost they are waited for, and media may go on. */
  there: boolean;
  /** Rises when their media begins anew: the page was loaded again, or another one took over. Others then close what they had with them and wait for, or make, a new connection. */
  epoch: number;
  joined_at: number;
  microphone: boolean;
  camera: boolean;
  screen: boolean;
  /** The sound of what they share, a track of its own. */
  screen_sound: boolean;
  /** What they may not send now: a host holds it, they are muted or of the audience, screens are for hosts. */
  held: ("microphone" | "camera" | "screen")[];
  /** Since when the hand is up. */
  hand_at: number | null;
}

export interface CallParticipantLeft {
  participant: string;
  person: string;
  why: "left" | "lost" | "sent_out" | "gone" | "ended";
}

/** The whole new states of participants, new ones among them. */
export interface CallParticipantsChanged {
  participants: CallParticipant[];
}

/** Raise one's own hand, or lower it. */
export interface CallRaiseHand {
  up: boolean;
}

/** For who is in the call. */
export interface CallReact {
  emoji: "👍" | "👏" | "❤️" | "😂" | "🎉" | "😮" | "🤔" | "👎";
}

/** To everyone in the room. */
export interface CallReacted {
  person: string;
  emoji: "👍" | "👏" | "❤️" | "😂" | "🎉" | "😮" | "🤔" | "👎";
}

/** Record the call on this page, as the settings allow: everyone is told before the first picture is taken. Over the connection that is in the call. It ends when they leave; when their place was lost, or their media begins anew, unless the same is said again over the connection that is in the call then. */
export interface CallRecord {
  /** An upload without a length that this person has begun; it is ended with the recording. */
  file: string;
}

export interface CallRecorded {
  recording: CallRecordingMark;
}

export interface CallRecordingBegun {
  recording: CallRecordingMark;
}

/** What was recorded until now may still be sent within half a minute; then it is a file. */
export interface CallRecordingEnded {
  recording: string;
  person: string;
  file: string;
  /** Who has ended it; null: it was over by itself, as when they left the call, or may not record any more. */
  by: string | null;
}

/** Somebody records. Everyone is told while it goes on. */
export interface CallRecordingMark {
  id: string;
  person: string;
  /** What the upload will be among the room's files. */
  file: string;
  since: number;
}

/** The same, to the one connection that it is for. */
export interface CallSaid {
  /** Who says it. */
  participant: string;
  /** Theirs: a higher one than is known begins anew, a lower one is late. */
  epoch: number;
  link: number;
  kind: "offer" | "answer" | "candidates" | "restart";
  sdp: string | null;
  candidates: CallCandidate[] | null;
}

/** A word to one participant's one connection, and to nobody else: either a description or candidates, or neither to ask for an offer with new ways (``restart``). */
export interface CallSay {
  /** The participant. */
  to: string;
  /** Theirs, as this page knows it: a word for what has begun anew since is refused with ``call_begins_anew``. */
  epoch: number;
  /** Which of the connections between the two, one after the other: a higher one takes the place of a lower one. */
  link?: number;
  kind: "offer" | "answer" | "candidates" | "restart";
  /** Of an offer or answer. */
  sdp?: string | null;
  /** What was found within some tens of milliseconds goes together: words are counted, candidates are not. */
  candidates?: CallCandidate[] | null;
}

/** End the call for somebody of lower standing. They stay in the room, and may join again. */
export interface CallSendOut {
  person: string;
}

export interface CallSettings {
  /** Who may share a screen. */
  share: "everyone" | "hosts";
  /** Who may record. */
  record: "everyone" | "hosts";
  /** Whoever joins begins with the microphone off. They may switch it on. */
  join_muted: boolean;
  pictures: "auto" | "high" | "low" | "smallest";
  /** So many may be in the call. */
  most: number;
}

export interface CallSettingsChanged {
  settings: CallSettings;
}

export interface CallSnapshot {
  settings: CallSettings;
  /** In the order of joining (``joined_at``, then ``id``). */
  participants: CallParticipant[];
  /** In the order of ids; nobody of whom nothing is held. */
  holds: CallHolds[];
  /** In the order of their beginning (``since``, then ``id``). */
  recordings: CallRecordingMark[];
}

/** This page's own person begins to speak or stops; said again every two seconds at least while they speak. */
export interface CallSpeak {
  speaking: boolean;
}

/** Everybody who speaks in the call just now: to everyone in the room when it changes, and to who has just come. */
export interface CallSpeaking {
  people: string[];
}

/** One's own; hosts any. */
export interface CallStopRecording {
  recording: string;
}

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

/** Accept or decline what somebody sent to oneself. What is declined is deleted, and an upload of it stops. */
export interface FilesAnswer {
  file: string;
  accept: boolean;
}

/** What is left out stays as it is. Expiry counts for what comes from now on. Who may upload the owner decides. */
export interface FilesChange {
  uploads?: "owner" | "hosts" | "everyone" | null;
  expiry_minutes?: number | null;
}

/** Whole new states of files for everyone. */
export interface FilesChanged {
  files: FilesFile[];
}

/** Delete one's own, also while it is coming; hosts any that is for everyone. The bytes go from disk. */
export interface FilesDelete {
  files: string[];
}

/** All devices in the room that have a name. One's own are among them. Told at once to who comes in. */
export interface FilesDevicesNow {
  /** Which of them this very connection is; null as long as it has no name. */
  me: string | null;
  devices: FilesNamedDevice[];
}

/** Own stream: whole new states of what is only for oneself, or from oneself to one other. */
export interface FilesDirectChanged {
  files: FilesFile[];
}

/** Own stream. */
export interface FilesDirectGone {
  files: string[];
  /** The other person did not want it; otherwise it was deleted or has expired. */
  declined: boolean;
}

/** Drop a text, as from the clipboard: for everyone, or for one person. */
export interface FilesDropText {
  /** Measured after tidying: 1 to 10,000 code points. */
  text: string;
  to?: string | null;
  device?: string | null;
}

/** A file or a text that was dropped. */
export interface FilesFile {
  id: string;
  author: string;
  /** Of the file, cleaned; two files may have the same. */
  name: string;
  /** Where it lay in a folder that was dropped, with ``/`` between; empty for a file on its own. */
  folder: string;
  /** The author's name when it came. */
  person: string;
  /** Zero while it comes and its length is not known. */
  size: number;
  /** The media type that its content proves, or ``application/octet-stream``. */
  type: string;
  kind: "image" | "audio" | "video" | "pdf" | "text" | "other";
  /** Of the whole content, in hexadecimal; null while it is coming. */
  sha256: string | null;
  /** A dropped text. It has no bytes beside, and can be downloaded all the same. Empty for the one it is offered to, who sees it, its name and its hash when they have accepted it. */
  text: string | null;
  /** Dropped into the chat: it is shown there, by its time, among the messages. */
  chat: boolean;
  /** Only for this person and the author; null is for everyone. */
  to: string | null;
  /** Of the devices of that person, the one that it was sent to. */
  device: string | null;
  /** Whether that person has taken it; null is for everyone. */
  accepted: boolean | null;
  /** Its bytes are all here. Only what is for one person is told before. */
  ready: boolean;
  /** ``/api/files/<link>/<id>/thumbnail`` has a small picture of it. */
  thumbnail: boolean;
  /** Of an image as it is shown, upright, in pixels: pages keep its place free. Null for everything else. */
  width: number | null;
  height: number | null;
  /** When it was here for everyone; of what is for one person, when it began to come. */
  at: number;
  expires_at: number | null;
}

export interface FilesGone {
  files: string[];
}

/** In bytes. What is beyond is refused before a byte is written. */
export interface FilesLimits {
  file: number;
  room: number;
}

export interface FilesMade {
  file: string;
}

/** What this connection's device is called, for others to choose it by. Every page tells it when it is welcomed. */
export interface FilesNameDevice {
  /** Tidied and cut to 40 characters; empty takes the device off the list. */
  name: string;
}

export interface FilesNamedDevice {
  /** As long as the connection lasts. */
  id: string;
  person: string;
  name: string;
  kind: "phone" | "tablet" | "desktop" | "bot";
}

/** How uploads get on. What comes within a tenth of a second is told together. Who comes in is told at once of all that are under way, also of those that wait, and once more when the connection says its device's name. */
export interface FilesProgressNow {
  uploads: FilesUpload[];
  /** They are complete, which an event tells, or given up. */
  over: string[];
}

export interface FilesSettings {
  uploads: "owner" | "hosts" | "everyone";
  /** A file is deleted so long after it came; null is never, before the room closes. */
  expiry_minutes: number | null;
}

export interface FilesSettingsChanged {
  settings: FilesSettings;
}

export interface FilesSnapshot {
  settings: FilesSettings;
  limits: FilesLimits;
  /** For everyone, by ``at`` and ``id``. */
  files: FilesFile[];
  /** To and from oneself alone, by ``at`` and ``id``. */
  direct: FilesFile[];
}

/** A file that is coming. */
export interface FilesUpload {
  /** Of the file that it will be. */
  id: string;
  author: string;
  name: string;
  folder: string;
  /** Null: nobody knows yet. It is something that is being made, as a recording. */
  size: number | null;
  /** So many bytes are here. */
  offset: number;
  chat: boolean;
  to: string | null;
  /** Bytes are coming just now; otherwise it waits to be taken up again. */
  moving: boolean;
}

/** Mark an item as answered: it leaves the queue and stands in the history. */
export interface FloorAnswer {
  item: string;
}

/** Show a waiting item to everyone. */
export interface FloorApprove {
  item: string;
}

/** Put something into the queue: a text, or the wish to speak. */
export interface FloorAsk {
  kind: "text" | "voice";
  body?: string;
}

export interface FloorAsked {
  item: string;
  number: number;
  /** A host must approve it first. */
  waiting: boolean;
}

/** Own stream: one has asked just now, and the cool-down begins. */
export interface FloorAskedAt {
  at: number;
}

/** Fields that are left out stay as they are. */
export interface FloorChangeSettings {
  min_words?: number | null;
  max_words?: number | null;
  open_items?: number | null;
  cooldown_seconds?: number | null;
  order?: "came" | "first_timers" | "upvoted" | null;
  upvotes?: boolean | null;
  approval?: boolean | null;
  text?: boolean | null;
  voice?: boolean | null;
}

/** Delete all items of the queue, waiting ones too; with ``past``, the history instead. */
export interface FloorClear {
  past?: boolean;
}

/** Delete an item, whether it waits, stands in the queue or was answered. */
export interface FloorDelete {
  item: string;
}

/** What was answered before this one. */
export interface FloorHistory {
  before?: string | null;
  limit?: number;
}

export interface FloorHostsPart {
  /** Items to be approved, in the order of asking. */
  waiting: FloorItem[];
}

/** Something in the queue that everyone sees. */
export interface FloorItem {
  id: string;
  /** In the order of asking; never used again in this room. */
  number: number;
  kind: "text" | "voice";
  /** Of a request to speak: what it is about, or empty. */
  body: string;
  person: string;
  /** As it was when it was asked. */
  name: string;
  at: number;
  votes: number;
  pinned: boolean;
  /** Since when it is being answered; null while it stands in the queue. Such an item comes before all others. */
  taken_at: number | null;
  /** Nothing of this person was answered here before. Told only of what stands in the queue. */
  newcomer: boolean;
  /** Items stand in the order of this number. It changes when somebody moves them. */
  place: number;
}

/** Whole new states of items in the queue; those that were not there before are new in it. */
export interface FloorItemsChanged {
  items: FloorItem[];
}

/** They are no longer in the queue. */
export interface FloorItemsGone {
  items: string[];
  outcome: "answered" | "withdrawn" | "deleted";
  /** Those that stand in the history now. */
  past: FloorPastItem[];
}

/** Hosts and authors: these wait for approval. */
export interface FloorItemsWaiting {
  items: FloorItem[];
}

/** Put an item right behind another one, or to the front. What was being answered stands in the queue again. Pinned items stay on top: they change places among themselves, and are no longer pinned when they are put behind one that is not. The front of all others is behind them. */
export interface FloorMove {
  item: string;
  after: string | null;
}

/** What only the person sees. */
export interface FloorOwn {
  /** Own items that a host has not approved yet. */
  waiting: FloorItem[];
  /** Items, also answered ones, that the person has voted for. */
  voted: string[];
  /** When the person last asked, 0 for never. After the settings' cool-down they may ask again; hosts at any time. */
  asked_at: number;
}

/** Some are no longer in the history: this is what a snapshot shows of it now. */
export interface FloorPastChanged {
  past: FloorPastItem[];
  /** Those that are not back in the queue. */
  deleted: string[];
}

/** Something that was answered. */
export interface FloorPastItem {
  id: string;
  number: number;
  kind: "text" | "voice";
  body: string;
  person: string;
  name: string;
  votes: number;
  /** When it was answered. */
  at: number;
}

export interface FloorPastPage {
  /** Newest first. */
  past: FloorPastItem[];
  more: boolean;
}

/** Keep an item at the top, above others that are pinned, or let it take its usual place again. */
export interface FloorPin {
  item: string;
  on: boolean;
}

/** Put an answered item back into the queue, under its old number. */
export interface FloorReopen {
  item: string;
}

export interface FloorSettings {
  min_words: number;
  max_words: number;
  /** So many items one person may have in the queue. */
  open_items: number;
  /** Between two items of one person. */
  cooldown_seconds: number;
  order: "came" | "first_timers" | "upvoted";
  /** Whether people may vote for items. */
  upvotes: boolean;
  /** Whether a host looks at items before they are shown. */
  approval: boolean;
  /** Whether written items are taken. */
  text: boolean;
  /** Whether requests to speak are taken. */
  voice: boolean;
}

export interface FloorSettingsChanged {
  settings: FloorSettings;
}

export interface FloorSnapshot {
  settings: FloorSettings;
  items: FloorItem[];
  /** What was answered last, newest first; what was before by ``floor.history``. */
  past: FloorPastItem[];
  own: FloorOwn;
  /** Only for hosts. */
  hosts: FloorHostsPart | null;
}

/** Answer an item now, in front of everyone. What was being answered before is marked as answered. With ``on`` false it goes back to the front of the queue. */
export interface FloorTake {
  item: string;
  on: boolean;
}

/** Vote for somebody else's item, or take the vote back. */
export interface FloorUpvote {
  item: string;
  on: boolean;
}

/** Own stream. */
export interface FloorVoted {
  item: string;
  on: boolean;
}

/** Hosts and authors: these wait no longer. */
export interface FloorWaitingGone {
  items: string[];
}

/** Take one's own item back. */
export interface FloorWithdraw {
  item: string;
}

/** Somebody who is invited. Only hosts see it. */
export interface Invitation {
  id: string;
  /** The address, or the name of somebody who was in the room. */
  label: string;
}

/** Hosts only. */
export interface Invited {
  /** Those that are new. */
  invitations: Invitation[];
}

/** The answer of a command that has nothing to tell beyond "done". */
export type Nothing = Record<string, never>;

/** Let in somebody who knocks. */
export interface PeopleAdmit {
  knock: string;
}

/** Let in several of those who knock. Who was answered meanwhile keeps that answer. */
export interface PeopleAdmitAll {
  knocks: string[];
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

/** Nobody knocks any more. Hosts only. */
export interface PeopleKnockSettled {
  knock: string;
  /** ``left``: has closed the page. Whoever opens it again in time is told of as knocking once more. */
  outcome: "accepted" | "declined" | "unanswered" | "left";
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
  /** ``/api/pictures/<picture>`` shows it; null for those who have none. */
  picture: string | null;
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

/** A new round of a closed poll, as a draft. The old one is kept. */
export interface PollsAgain {
  poll: string;
}

/** A vote: of these, the field that belongs to the kind of question. */
export interface PollsAnswer {
  /** ``single``, ``multiple``, ``quiz``; ``ranking`` with the best first. */
  options?: string[] | null;
  /** ``rating``, ``numeric``. */
  value?: number | null;
  words?: string[] | null;
  /** At most 280 characters. */
  text?: string | null;
}

export interface PollsBallot {
  person: string;
  name: string;
  choice: PollsAnswer;
  /** For a quiz. */
  points: number | null;
}

/** Who voted how, of a poll that is not anonymous: those after this person. */
export interface PollsBallots {
  poll: string;
  after?: string;
  limit?: number;
}

export interface PollsBallotsPage {
  ballots: PollsBallot[];
  more: boolean;
}

export interface PollsBin {
  low: number;
  /** Within the bin, as is the lower end; what lies between belongs to one bin only. */
  high: number;
  count: number;
}

/** Whole new states of polls that everyone sees. */
export interface PollsChanged {
  polls: PollsPoll[];
}

/** Stop an open poll now. */
export interface PollsClose {
  poll: string;
}

export interface PollsCount {
  /** An option's id, a step of a rating, a word in lower case, or the id of a text. */
  key: string;
  /** A word or text as it was written; empty for options and ratings. */
  text: string;
  count: number;
}

/** Begin a draft, behind another poll or at the end. */
export interface PollsCreate {
  question: PollsQuestion;
  after?: string | null;
}

export interface PollsDelete {
  poll: string;
}

export interface PollsDropTemplate {
  template: string;
}

/** A new draft with the same question, right behind it. */
export interface PollsDuplicate {
  poll: string;
}

/** Move the deadline of an open poll. */
export interface PollsExtend {
  poll: string;
  seconds: number;
}

/** They were deleted, or are drafts again. */
export interface PollsGone {
  polls: string[];
}

export interface PollsHiddenWord {
  key: string;
  text: string;
}

/** Leave a word or a text out of all totals, or count it again. ``key`` is that of the totals. */
export interface PollsHideWord {
  poll: string;
  key: string;
  on: boolean;
}

/** A poll as hosts see it, drafts too. */
export interface PollsHostPoll {
  id: string;
  place: number;
  series: string;
  round: number;
  /** Counts the changes of the draft. */
  revision: number;
  state: "draft" | "open" | "closed";
  question: PollsQuestion;
  /** The right options; empty for drafts, whose options have no ids yet. */
  right: string[];
  /** The final totals, whether shown or not. */
  tally: PollsTally | null;
  /** Words and texts that a host has hidden; they are in no totals. */
  hidden: PollsHiddenWord[];
}

/** Hosts only. */
export interface PollsHostPollsChanged {
  polls: PollsHostPoll[];
}

/** Hosts only: they were deleted. */
export interface PollsHostPollsGone {
  polls: string[];
}

export interface PollsHostsPart {
  polls: PollsHostPoll[];
}

/** Drafts from JSON as ``polls.json`` of the room's files has it. What is wrong is said with its line and column. */
export interface PollsImport {
  text: string;
}

/** Keep the questions of these polls under a name, for any room of one's own. The answer holds the template's id. */
export interface PollsKeepTemplate {
  name: string;
  polls: string[];
}

export interface PollsLeader {
  /** People with as many points have the same. */
  rank: number;
  person: string;
  name: string;
  points: number;
  /** How many answers were right. */
  right: number;
}

/** The leaderboard of quizzes whose answers are revealed: of these, or of all in the room. */
export interface PollsLeaders {
  polls?: string[] | null;
  limit?: number;
}

export interface PollsLeadersPage {
  leaders: PollsLeader[];
  /** Oneself, wherever one stands; null for who has answered nothing that counts. */
  own: PollsLeader | null;
}

/** How an open poll stands. */
export interface PollsLive {
  poll: string;
  votes: number;
  /** Null for those who may not see it. */
  tally: PollsTally | null;
}

export interface PollsMade {
  polls: string[];
}

/** Put a poll right behind another one, or to the front. */
export interface PollsMove {
  poll: string;
  after: string | null;
}

/** Release a draft: from now on people vote. Its question does not change any more. */
export interface PollsOpen {
  poll: string;
}

export interface PollsOption {
  text: string;
  /** ``quiz`` only. */
  right?: boolean;
}

export interface PollsOwnVote {
  poll: string;
  /** Of the poll: a vote of before a reset is none of now. */
  opened_at: number;
  /** Null when the poll is anonymous: the server does not know it any more. */
  choice: PollsAnswer | null;
}

/** A poll that was released, as everyone sees it. */
export interface PollsPoll {
  id: string;
  /** Polls stand in the order of this number, drafts among them. */
  place: number;
  /** The same for all rounds of a poll: the id of the first. */
  series: string;
  round: number;
  question: PollsShownQuestion;
  state: "open" | "closed";
  opened_at: number;
  /** No vote counts from this moment on; null is when a host closes it. */
  closes_at: number | null;
  closed_at: number | null;
  /** Whether everyone may see the totals. */
  shown: boolean;
  /** Whether everyone may see which options are right. */
  revealed: boolean;
  /** Whether it is the one on the big screen. */
  projected: boolean;
  /** The final totals; null while it is open or they are not shown. */
  tally: PollsTally | null;
  /** The right options of a quiz, once they are revealed. */
  right: string[] | null;
}

/** Put a released poll on the big screen in place of another one, or take it off. Opening one puts it there. */
export interface PollsProject {
  poll: string;
  on: boolean;
}

/** A question as hosts write it, and as it is imported and exported. */
export interface PollsQuestion {
  kind: "single" | "multiple" | "rating" | "numeric" | "ranking" | "words" | "text" | "quiz";
  title?: string;
  /** How many options one chooses (``multiple``, ``quiz``) or ranks, or words one writes, at least. */
  least?: number;
  /** And at most; null is all of them, of words three, of a quiz one. */
  most?: number | null;
  /** ``rating``: from 1 to this. */
  steps?: number;
  low_label?: string;
  high_label?: string;
  /** ``numeric``: the least number that is taken. */
  low?: number | null;
  high?: number | null;
  /** ``numeric``: only whole numbers. */
  whole?: boolean;
  unit?: string;
  /** How long it is open; null is until a host closes it. */
  seconds?: number | null;
  /** Whether a vote may be changed until the poll is closed. */
  changeable?: boolean;
  visibility?: "live" | "voted" | "closed" | "hosts";
  /** Nothing that is stored links a person to a choice. Such votes are final, and a quiz gives no points for them. */
  anonymous?: boolean;
  /** Whether the audience votes, or only participants and hosts. */
  audience?: boolean;
  /** ``quiz``: a right answer is worth 1,000 points at once, and half of that at the last moment. */
  speed?: boolean;
  options?: PollsOption[];
}

export interface PollsRanked {
  option: string;
  /** The mean rank among those who ranked it, 1 being the best; null when nobody did. */
  mean: number | null;
  /** How many put it first, second, and so on. */
  counts: number[];
}

/** Throw all votes away: the poll is a draft again. */
export interface PollsReset {
  poll: string;
}

/** How a poll stands, with the totals for those who may see them now. */
export interface PollsResults {
  poll: string;
}

/** Let everyone see which options of a closed quiz are right. From then on it counts on the leaderboard. */
export interface PollsReveal {
  poll: string;
}

/** Change a draft. Refused when somebody else has changed it since that revision. */
export interface PollsSave {
  poll: string;
  revision: number;
  question: PollsQuestion;
}

export interface PollsSaved {
  revision: number;
}

/** Let everyone see the totals, or not any more. */
export interface PollsShow {
  poll: string;
  on: boolean;
}

export interface PollsShownOption {
  /** New each time the poll is opened. */
  id: string;
  text: string;
}

/** A question as everyone sees it: not which options are right. */
export interface PollsShownQuestion {
  kind: "single" | "multiple" | "rating" | "numeric" | "ranking" | "words" | "text" | "quiz";
  title?: string;
  /** How many options one chooses (``multiple``, ``quiz``) or ranks, or words one writes, at least. */
  least?: number;
  /** And at most; null is all of them, of words three, of a quiz one. */
  most?: number | null;
  /** ``rating``: from 1 to this. */
  steps?: number;
  low_label?: string;
  high_label?: string;
  /** ``numeric``: the least number that is taken. */
  low?: number | null;
  high?: number | null;
  /** ``numeric``: only whole numbers. */
  whole?: boolean;
  unit?: string;
  /** How long it is open; null is until a host closes it. */
  seconds?: number | null;
  /** Whether a vote may be changed until the poll is closed. */
  changeable?: boolean;
  visibility?: "live" | "voted" | "closed" | "hosts";
  /** Nothing that is stored links a person to a choice. Such votes are final, and a quiz gives no points for them. */
  anonymous?: boolean;
  /** Whether the audience votes, or only participants and hosts. */
  audience?: boolean;
  /** ``quiz``: a right answer is worth 1,000 points at once, and half of that at the last moment. */
  speed?: boolean;
  options: PollsShownOption[];
}

export interface PollsSnapshot {
  polls: PollsPoll[];
  /** Open polls as they stood just now; signals tell what follows. */
  live: PollsLive[];
  own: PollsOwnVote[];
  /** Only for hosts. */
  hosts: PollsHostsPart | null;
}

/** Totals. Lists that mean nothing for the kind of question are empty. */
export interface PollsTally {
  /** How many people have voted: percentages are of this. */
  votes: number;
  /** Options in their order, steps of a rating from 1, words with the most frequent first, some texts in no order. */
  counts: PollsCount[];
  /** ``ranking``: the best first. */
  ranked: PollsRanked[];
  /** ``numeric``: a histogram. */
  bins: PollsBin[];
  mean: number | null;
  median: number | null;
  /** So many further words or texts; texts are to be had by ``polls.texts``. */
  more: number;
}

/** An open poll stands so now. What comes within a tenth of a second is told together. */
export interface PollsTallyNow {
  live: PollsLive;
}

export interface PollsTemplate {
  id: string;
  name: string;
  questions: PollsQuestion[];
}

export interface PollsTemplateList {
  templates: PollsTemplate[];
}

/** One's own templates, by name. */
export type PollsTemplates = Record<string, never>;

/** Words and texts of a poll whose totals one may see, in no order that means anything: those after this key. */
export interface PollsTexts {
  poll: string;
  after?: string;
  limit?: number;
}

export interface PollsTextsPage {
  texts: PollsCount[];
  more: boolean;
}

/** Drafts from a template of one's own. */
export interface PollsUseTemplate {
  template: string;
}

/** Vote, once; where votes may be changed, the newest counts. */
export interface PollsVote {
  poll: string;
  choice: PollsAnswer;
  /** Of the poll as it was seen: for a vote that is sent later. Opened anew since, the poll does not take it. */
  opened_at?: number | null;
}

/** Own stream. */
export interface PollsVoted {
  vote: PollsOwnVote;
}

/** What time is it? Answered at once, without a look at the database: with when one asked and when the answer came, this tells how far one's own clock is from the server's (as NTP does, RFC 5905 section 8). */
export interface PresenceAskTime {
  /** Any number: it is sent back. */
  probe: number;
}

/** How present a person is. Several devices: away when all are, and as well connected as the best of them. */
export interface PresenceLevel {
  away: boolean;
  quality: "good" | "fair" | "poor";
}

/** Levels of people; what changes within a second is told together. */
export interface PresenceLevelsNow {
  /** By the ids of people. Who is named nowhere is not away, and well connected. */
  people: Record<string, PresenceLevel>;
  /** Everybody who is not as everybody is by default: whoever is not named here is. */
  whole: boolean;
}

/** How it is on this connection. Others are told when the person's level changes by it. Whoever says it for the first time on a connection is told of everybody who is away or poorly connected. */
export interface PresenceMyLevel {
  away?: boolean;
  quality?: "good" | "fair" | "poor";
  /** Any number: it is sent back at once, by which a client measures its connection. */
  probe?: number | null;
}

/** The answer to a probe, to nobody but who sent it. */
export interface PresenceProbed {
  probe: number;
}

/** The answer, to nobody but who asked. */
export interface PresenceTimeNow {
  probe: number;
  /** When the question was read, by the server's clock. */
  received_at: number;
  /** When the answer was given to the connection. */
  sent_at: number;
}

/** End the room for everyone. Its PIN becomes free, what was written in it is deleted. */
export type RoomsClose = Record<string, never>;

/** Hosts only. */
export interface RoomsGroupsChanged {
  groups: string[];
}

/** What only hosts see of who may come in. */
export interface RoomsHosts {
  /** Of accounts, for a room that goes by groups; ``everyone`` is all accounts. */
  groups: string[];
  invitations: Invitation[];
}

/** Invite people by e-mail address. It counts for the account that has proven the address. */
export interface RoomsInvite {
  /** Addresses as they are pasted: a line, a comma or a semicolon between them, names before ``<address>``. */
  people: string;
}

export interface RoomsInviteAnswer {
  /** How many were not invited yet. */
  new: number;
  /** What is no address, to be corrected. */
  unclear: string[];
}

/** Invite somebody who is here, with an account or without: they may come back. */
export interface RoomsInvitePerson {
  person: string;
}

/** Groups of accounts that one may choose from: those that one is in; for administrators, all. */
export type RoomsKnownGroups = Record<string, never>;

export interface RoomsKnownGroupsAnswer {
  groups: string[];
}

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
  /** Who may come in. */
  admission: "open" | "knock" | "invited" | "groups" | "locked";
  /** Whether it has one. */
  password: boolean;
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
  /** Only for hosts. */
  hosts: RoomsHosts | null;
  /** The share link, from the configured public URL. */
  url: string;
}

/** Switch an activity on or off for everyone. */
export interface RoomsSwitchActivity {
  activity: string;
  on: boolean;
}

/** Take invitations back. Who is inside stays. */
export interface RoomsUninvite {
  invitations: string[];
}

/** Change settings of the room. Fields that are left out stay as they are. */
export interface RoomsUpdate {
  name?: string | null;
  theme?: "linen" | "ember" | "moss" | "tide" | "dusk" | "rose" | "slate" | "honey" | null;
  capacity?: number | null;
  newcomers?: "participant" | "audience" | null;
  admission?: "open" | "knock" | "invited" | "groups" | "locked" | null;
  /** With capitals or without; at least one for a room that goes by groups. */
  groups?: string[] | null;
  idle_minutes?: number | null;
}

/** All announcements there are now, told in every room when one was made or taken back. Who was not connected finds them at ``GET /api/site``. */
export interface SiteAnnounced {
  announcements: SiteAnnouncement[];
}

/** A word of the administrators to everyone. */
export interface SiteAnnouncement {
  id: string;
  text: string;
  level: "info" | "warn";
  at: number;
  /** Nobody is shown it from then on. */
  until: number | null;
}

export interface StudyAddList {
  scope: "room" | "mine";
  /** Made by the client. */
  list: string;
  name: string;
}

/** Add a to-do at the end, or where ``after`` says. One that is there already is left as it is. */
export interface StudyAddTodo {
  /** Made by the client. */
  todo: string;
  /** ``mine``, ``room``, or one that was added. */
  list: string;
  text: string;
  due?: string | null;
  assignee?: string | null;
  /** Behind this one; null puts it to the front. Left out, it comes to the end. */
  after?: string | null;
  done?: boolean;
}

export interface StudyAlarm {
  id: string;
  label: string;
  day: string;
  time: string;
  /** Day and time are of a clock in this zone. */
  zone: string;
  /** When it rings, or rang. */
  rings_at: number;
  state: "set" | "rang";
  /** Of one that rang: so much later the server told it. */
  late_ms: number;
  /** It rang before, and was put off: ``rings_at`` is not what the clock time says. */
  snoozed: boolean;
  /** Who set it, of an alarm of the room. */
  by: string | null;
}

/** Whole new states, also of one that rings. */
export interface StudyAlarmsChanged {
  scope: "room" | "mine";
  alarms: StudyAlarm[];
}

export interface StudyAlarmsGone {
  scope: "room" | "mine";
  alarms: string[];
}

/** The last seven days in this room, of those who wish to be seen; most first. */
export interface StudyBoard {
  lines: StudyBoardLine[];
  since: number;
}

export interface StudyBoardLine {
  person: string;
  name: string;
  focus_ms: number;
  cycles: number;
}

/** Fields that are left out stay as they are. */
export interface StudyChangeSettings {
  control?: "everyone" | "hosts" | null;
  mood?: "dawn" | "forest" | "rain" | "night" | "sea" | "dunes" | "snow" | "hearth" | null;
  announce?: boolean | null;
}

/** Delete what is done on a list, or everything on it. */
export interface StudyClearTodos {
  list: string;
  all?: boolean;
}

/** Work a timer. ``start`` begins or goes on, ``pause`` stops, ``reset`` puts the phase back to its length, ``restart`` goes back to the first phase, ``skip`` ends the phase without ringing or counting, ``add`` adds a minute. When somebody else was quicker, ``revision`` is an old one and the command is refused with ``timer_changed``. */
export interface StudyControlTimer {
  scope: "room" | "mine";
  revision: number;
  act: "start" | "pause" | "reset" | "restart" | "skip" | "add";
}

export interface StudyDayOfFocus {
  day: string;
  focus_ms: number;
  /** Phases of work that ended on this day. */
  cycles: number;
}

/** With its to-dos. The two that are always there cannot be deleted; see ``study.clear``. */
export interface StudyDeleteList {
  list: string;
}

export interface StudyDeleteTodo {
  todo: string;
}

/** Take an alarm away, whether it rang or not. */
export interface StudyDropAlarm {
  alarm: string;
}

/** Fields that are left out stay as they are; null takes the day or the person away. */
export interface StudyEditTodo {
  todo: string;
  text?: string | null;
  due?: string | null;
  assignee?: string | null;
}

/** Somebody has done something on a list of the room. Told where the room's settings say so, beside the change. */
export interface StudyFinished {
  todo: string;
  text: string;
  by: string;
}

/** Delete all that was recorded of oneself. */
export type StudyForgetRecords = Record<string, never>;

export type StudyGetBoard = Record<string, never>;

/** One's own, by the days of one's own zone. All of it is at ``/api/study/focus.csv`` and ``.json``. */
export interface StudyGetStatistics {
  days?: number;
}

/** How long a timer's phases are. */
export interface StudyLengths {
  focus_ms: number;
  short_ms: number;
  long_ms: number;
  /** So many phases of work until the break is a long one. */
  cycles: number;
  /** Without breaks it is a plain timer: it rings, and is over. */
  breaks: boolean;
  /** The next phase begins by itself. */
  auto_start: boolean;
}

/** With its to-dos. */
export interface StudyListGone {
  scope: "room" | "mine";
  list: string;
}

/** Whole new states; those that were not there before are new. */
export interface StudyListsChanged {
  scope: "room" | "mine";
  lists: StudyTodoList[];
}

/** Put a to-do right behind another of its list, or to the front. */
export interface StudyMoveTodo {
  todo: string;
  after: string | null;
}

/** What belongs to oneself, alike in all rooms. */
export interface StudyOwn {
  timer: StudyTimer;
  lists: StudyTodoList[];
  todos: StudyTodo[];
  alarms: StudyAlarm[];
  part: StudyPart;
}

/** Whether somebody's focus is recorded. Nothing is without their wish. */
export interface StudyPart {
  on: boolean;
  /** Whether their name stands on the boards of rooms in which they work. */
  board: boolean;
  /** By whose days it is counted. */
  zone: string;
  /** How many there are. When it is another number the statistics are others. */
  records: number;
}

/** Own stream. */
export interface StudyPartChanged {
  part: StudyPart;
}

/** How a timer rang last. */
export interface StudyRang {
  /** The one that ended. */
  phase: "focus" | "short" | "long";
  /** When it was due. With the scope this names the ringing: nobody need ring twice for the same. */
  at: number;
  /** So much later the server told it: it was down. */
  late_ms: number;
}

export interface StudyRenameList {
  list: string;
  name: string;
}

/** Set an alarm, or set one that is there anew. It rings once. */
export interface StudySetAlarm {
  scope: "room" | "mine";
  /** Made by the client. */
  alarm: string;
  time: string;
  zone: string;
  /** Left out, it is the next time that clocks in the zone show this. */
  day?: string | null;
  label?: string;
}

/** Set how long phases are; what is left out stays. A phase that has begun keeps its length until it is reset. */
export interface StudySetLengths {
  scope: "room" | "mine";
  revision: number;
  focus_ms?: number | null;
  short_ms?: number | null;
  long_ms?: number | null;
  cycles?: number | null;
  breaks?: boolean | null;
  auto_start?: boolean | null;
}

export interface StudySettings {
  /** Who works the room's timer, alarms and lists. */
  control: "everyone" | "hosts";
  /** The background that hosts have chosen. */
  mood: "dawn" | "forest" | "rain" | "night" | "sea" | "dunes" | "snow" | "hearth";
  /** Whether the room is told when somebody has done something on its lists. */
  announce: boolean;
}

export interface StudySettingsChanged {
  settings: StudySettings;
}

export interface StudySnapshot {
  settings: StudySettings;
  timer: StudyTimer;
  lists: StudyTodoList[];
  todos: StudyTodo[];
  alarms: StudyAlarm[];
  own: StudyOwn;
}

/** Let one that rang ring again in so many minutes. */
export interface StudySnoozeAlarm {
  alarm: string;
  minutes?: number;
}

export interface StudyStatistics {
  /** All days asked for, the last is today. */
  days: StudyDayOfFocus[];
  /** Days in a row with at least one phase, up to today or yesterday. */
  streak: number;
  longest_streak: number;
  total_ms: number;
  total_cycles: number;
  zone: string;
}

/** Have one's focus recorded, or not any more. What is recorded stays until it is deleted. */
export interface StudyTakePart {
  on: boolean;
  board?: boolean;
  zone: string;
}

export interface StudyTickTodo {
  todo: string;
  done: boolean;
}

/** A timer. ``ends_at`` is told while it runs, ``remaining_ms`` while it does not. */
export interface StudyTimer {
  scope: "room" | "mine";
  phase: "focus" | "short" | "long";
  state: "ready" | "running" | "paused" | "over";
  ends_at: number | null;
  remaining_ms: number | null;
  /** Of this phase as a whole, with the minutes that were added. */
  length_ms: number;
  /** Phases of work that have ended since the last long break. */
  cycle: number;
  lengths: StudyLengths;
  /** Grows with each change. Commands name the one that they were meant for. */
  revision: number;
  rang: StudyRang | null;
}

/** Also when it rings: then ``rang`` is another one. */
export interface StudyTimerChanged {
  timer: StudyTimer;
}

export interface StudyTodo {
  id: string;
  list: string;
  text: string;
  /** To-dos of a list stand in the order of this number; alike ones in the order of their ids. */
  place: number;
  /** A day, ``2030-01-31``. */
  due: string | null;
  /** A member. Only on lists of the room, as ``by`` and ``done_by``. */
  assignee: string | null;
  /** Who added it. */
  by: string | null;
  done_at: number | null;
  done_by: string | null;
  created_at: number;
}

/** A list of to-dos. ``room`` and ``mine`` are the names of the two that are always there, and are not told. */
export interface StudyTodoList {
  id: string;
  name: string;
  created_at: number;
}

/** Whole new states; those that were not there before are new. */
export interface StudyTodosChanged {
  scope: "room" | "mine";
  todos: StudyTodo[];
}

export interface StudyTodosGone {
  scope: "room" | "mine";
  todos: string[];
}

/** Hosts only. */
export interface Uninvited {
  invitations: string[];
}

/** The next in line is called without a host's doing. */
export interface VoiceAuto {
  /** Whose screen it is called to. */
  person: string;
  /** That screen is connected; without it nobody is called. */
  there: boolean;
}

export interface VoiceAutoSwitched {
  auto: VoiceAuto | null;
}

/** Somebody who was called up. Everyone sees it. */
export interface VoiceCall {
  id: string;
  /** The request in the queue. */
  item: string;
  person: string;
  state: "ringing" | "live" | "reconnecting";
  /** Whose screen plays it. */
  screen: string;
  /** The person's connection that has the call is there. False while it rings. */
  phone_there: boolean;
  screen_there: boolean;
  /** Rises whenever another connection takes an end of the call: both ends then begin anew. */
  epoch: number;
  /** By a host: the screen plays nothing of it. */
  muted: boolean;
  /** Nobody called: it was the person's turn. */
  auto: boolean;
  called_at: number;
  /** When the person pressed Talk. */
  live_at: number | null;
  rings_until: number | null;
  /** The end of the speaking time; null for no limit. */
  speaks_until: number | null;
  /** Until then whoever lost the connection may come back. */
  back_until: number | null;
}

/** The whole new state of a call. */
export interface VoiceCallChanged {
  call: VoiceCall;
}

export interface VoiceCallEnded {
  call: string;
  item: string;
  outcome: "answered" | "declined" | "missed" | "called_off";
}

/** Let a person's phone ring. This very connection plays what they say. */
export interface VoiceCallUp {
  item: string;
  line: string;
}

export interface VoiceCalled {
  call: string;
}

/** Fields that are left out stay as they are. A new limit holds for those who begin to speak after it. */
export interface VoiceChangeSettings {
  phones?: number | null;
  speak_seconds?: number | null;
}

/** End it: hosts, or the person. While it rings, a host calls it off and the person declines. */
export interface VoiceHangUp {
  call: string;
}

/** The same, to the one connection that it is for. */
export interface VoiceHeard {
  call: string;
  epoch: number;
  kind: "offer" | "answer" | "candidate" | "restart";
  said: string;
  mid: string | null;
}

/** The same, to the other pages of hosts; the big screen is one. */
export interface VoiceLevelNow {
  call: string;
  level: number;
}

/** How loud somebody is, from the connection that plays them: ten times a second at most, and once at least while they speak. The page looks at the real sound; nobody else is heard. */
export interface VoiceLoud {
  call: string;
  level: number;
  /** Whether these are words: the page waits a moment before it changes its mind. */
  speaking: boolean;
}

export interface VoiceMissedNow {
  missed: string[];
}

export interface VoiceMute {
  call: string;
  on: boolean;
}

/** One who missed the call is here now. */
export interface VoiceReady {
  item: string;
}

/** Take one's end of the call again, after a lost connection or a reload. The page that had it says the same line as before. Any other one of the person's (or of any host) takes the end only while nobody has it. */
export interface VoiceResume {
  call: string;
  line: string;
}

/** A word from one end of a call to the other one, and to nobody else. The phone offers, the screen answers and may ask for a new offer (``restart``); both send candidates. */
export interface VoiceSay {
  call: string;
  epoch: number;
  kind: "offer" | "answer" | "candidate" | "restart";
  /** The description (SDP, at most 16 KiB), or the candidate (at most 1 KiB). */
  said?: string;
  /** Of a candidate. */
  mid?: string | null;
}

export interface VoiceSettings {
  /** So many are called or live at the same time. */
  phones: number;
  /** How long one may speak, 0 for no limit. */
  speak_seconds: number;
}

export interface VoiceSettingsChanged {
  settings: VoiceSettings;
}

export interface VoiceSnapshot {
  settings: VoiceSettings;
  /** In the order of calling. */
  calls: VoiceCall[];
  /** Requests that rang in vain. Auto mode leaves them out until the person is ready. */
  missed: string[];
  auto: VoiceAuto | null;
}

/** Everybody who speaks just now, to everyone in the room when it changes. */
export interface VoiceSpeaking {
  people: string[];
}

/** Call the next in line, whenever a line is free, to this very connection, in place of any other one. A page says the same line after a reload, and has its calls again by it. */
export interface VoiceSwitchAuto {
  on: boolean;
  line: string;
}

/** Answer. This very connection speaks; one's other tabs and devices ring no more. */
export interface VoiceTalk {
  call: string;
  line: string;
}

/** Asks who speaks just now: changes alone are told. The answer comes as the signal of the same name. */
export type VoiceWhoSpeaks = Record<string, never>;

export interface Commands {
  "call.hand": { payload: CallRaiseHand; answer: Nothing };
  "call.hold": { payload: CallHold; answer: Nothing };
  "call.join": { payload: CallJoin; answer: CallJoined };
  "call.leave": { payload: CallLeave; answer: Nothing };
  "call.lower_hand": { payload: CallLowerHand; answer: Nothing };
  "call.lower_hands": { payload: CallLowerHands; answer: Nothing };
  "call.media": { payload: CallChangeMedia; answer: Nothing };
  "call.record": { payload: CallRecord; answer: CallRecorded };
  "call.send_out": { payload: CallSendOut; answer: Nothing };
  "call.settings": { payload: CallChangeSettings; answer: Nothing };
  "call.stop_recording": { payload: CallStopRecording; answer: Nothing };
  "chat.clear": { payload: ChatClear; answer: Nothing };
  "chat.delete": { payload: ChatDelete; answer: Nothing };
  "chat.edit": { payload: ChatEdit; answer: Nothing };
  "chat.pin": { payload: ChatPin; answer: Nothing };
  "chat.react": { payload: ChatReact; answer: Nothing };
  "chat.read": { payload: ChatRead; answer: Nothing };
  "chat.send": { payload: ChatSend; answer: ChatSent };
  "chat.settings": { payload: ChatChangeSettings; answer: Nothing };
  "files.answer": { payload: FilesAnswer; answer: Nothing };
  "files.delete": { payload: FilesDelete; answer: Nothing };
  "files.settings": { payload: FilesChange; answer: Nothing };
  "files.text": { payload: FilesDropText; answer: FilesMade };
  "floor.answer": { payload: FloorAnswer; answer: Nothing };
  "floor.approve": { payload: FloorApprove; answer: Nothing };
  "floor.ask": { payload: FloorAsk; answer: FloorAsked };
  "floor.clear": { payload: FloorClear; answer: Nothing };
  "floor.delete": { payload: FloorDelete; answer: Nothing };
  "floor.move": { payload: FloorMove; answer: Nothing };
  "floor.pin": { payload: FloorPin; answer: Nothing };
  "floor.reopen": { payload: FloorReopen; answer: Nothing };
  "floor.settings": { payload: FloorChangeSettings; answer: Nothing };
  "floor.take": { payload: FloorTake; answer: Nothing };
  "floor.upvote": { payload: FloorUpvote; answer: Nothing };
  "floor.withdraw": { payload: FloorWithdraw; answer: Nothing };
  "people.admit": { payload: PeopleAdmit; answer: Nothing };
  "people.admit_all": { payload: PeopleAdmitAll; answer: Nothing };
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
  "polls.again": { payload: PollsAgain; answer: PollsMade };
  "polls.close": { payload: PollsClose; answer: Nothing };
  "polls.create": { payload: PollsCreate; answer: PollsMade };
  "polls.delete": { payload: PollsDelete; answer: Nothing };
  "polls.drop_template": { payload: PollsDropTemplate; answer: Nothing };
  "polls.duplicate": { payload: PollsDuplicate; answer: PollsMade };
  "polls.extend": { payload: PollsExtend; answer: Nothing };
  "polls.hide_word": { payload: PollsHideWord; answer: Nothing };
  "polls.import": { payload: PollsImport; answer: PollsMade };
  "polls.keep_template": { payload: PollsKeepTemplate; answer: PollsMade };
  "polls.move": { payload: PollsMove; answer: Nothing };
  "polls.open": { payload: PollsOpen; answer: Nothing };
  "polls.project": { payload: PollsProject; answer: Nothing };
  "polls.reset": { payload: PollsReset; answer: Nothing };
  "polls.reveal": { payload: PollsReveal; answer: Nothing };
  "polls.save": { payload: PollsSave; answer: PollsSaved };
  "polls.show": { payload: PollsShow; answer: Nothing };
  "polls.use_template": { payload: PollsUseTemplate; answer: PollsMade };
  "polls.vote": { payload: PollsVote; answer: Nothing };
  "rooms.activity": { payload: RoomsSwitchActivity; answer: Nothing };
  "rooms.close": { payload: RoomsClose; answer: Nothing };
  "rooms.invite": { payload: RoomsInvite; answer: RoomsInviteAnswer };
  "rooms.invite_person": { payload: RoomsInvitePerson; answer: Nothing };
  "rooms.uninvite": { payload: RoomsUninvite; answer: Nothing };
  "rooms.update": { payload: RoomsUpdate; answer: Nothing };
  "study.add": { payload: StudyAddTodo; answer: Nothing };
  "study.add_list": { payload: StudyAddList; answer: Nothing };
  "study.clear": { payload: StudyClearTodos; answer: Nothing };
  "study.delete": { payload: StudyDeleteTodo; answer: Nothing };
  "study.delete_list": { payload: StudyDeleteList; answer: Nothing };
  "study.drop_alarm": { payload: StudyDropAlarm; answer: Nothing };
  "study.edit": { payload: StudyEditTodo; answer: Nothing };
  "study.forget_records": { payload: StudyForgetRecords; answer: Nothing };
  "study.lengths": { payload: StudySetLengths; answer: Nothing };
  "study.move": { payload: StudyMoveTodo; answer: Nothing };
  "study.rename_list": { payload: StudyRenameList; answer: Nothing };
  "study.set_alarm": { payload: StudySetAlarm; answer: Nothing };
  "study.settings": { payload: StudyChangeSettings; answer: Nothing };
  "study.snooze": { payload: StudySnoozeAlarm; answer: Nothing };
  "study.take_part": { payload: StudyTakePart; answer: Nothing };
  "study.tick": { payload: StudyTickTodo; answer: Nothing };
  "study.timer": { payload: StudyControlTimer; answer: Nothing };
  "voice.auto": { payload: VoiceSwitchAuto; answer: Nothing };
  "voice.call": { payload: VoiceCallUp; answer: VoiceCalled };
  "voice.hang_up": { payload: VoiceHangUp; answer: Nothing };
  "voice.mute": { payload: VoiceMute; answer: Nothing };
  "voice.ready": { payload: VoiceReady; answer: Nothing };
  "voice.resume": { payload: VoiceResume; answer: Nothing };
  "voice.settings": { payload: VoiceChangeSettings; answer: Nothing };
  "voice.talk": { payload: VoiceTalk; answer: Nothing };
}

export interface Queries {
  "attendance.list": { payload: AttendanceList; answer: Attendance };
  "chat.history": { payload: ChatHistory; answer: ChatMessagePage };
  "chat.reactors": { payload: ChatWhoReacted; answer: ChatReactors };
  "chat.search": { payload: ChatSearch; answer: ChatFound };
  "floor.history": { payload: FloorHistory; answer: FloorPastPage };
  "polls.ballots": { payload: PollsBallots; answer: PollsBallotsPage };
  "polls.leaders": { payload: PollsLeaders; answer: PollsLeadersPage };
  "polls.results": { payload: PollsResults; answer: PollsLive };
  "polls.templates": { payload: PollsTemplates; answer: PollsTemplateList };
  "polls.texts": { payload: PollsTexts; answer: PollsTextsPage };
  "rooms.known_groups": { payload: RoomsKnownGroups; answer: RoomsKnownGroupsAnswer };
  "study.board": { payload: StudyGetBoard; answer: StudyBoard };
  "study.statistics": { payload: StudyGetStatistics; answer: StudyStatistics };
}

export interface ClientSignals {
  "call.react": CallReact;
  "call.say": CallSay;
  "call.speak": CallSpeak;
  "chat.typing": ChatTyping;
  "files.device": FilesNameDevice;
  "presence.level": PresenceMyLevel;
  "presence.time": PresenceAskTime;
  "voice.level": VoiceLoud;
  "voice.line": VoiceSay;
  "voice.speaking": VoiceWhoSpeaks;
}

export interface Events {
  "call.changed": CallParticipantsChanged;
  "call.held": CallHoldsChanged;
  "call.left": CallParticipantLeft;
  "call.recording": CallRecordingBegun;
  "call.recording_ended": CallRecordingEnded;
  "call.settings": CallSettingsChanged;
  "chat.cleared": ChatCleared;
  "chat.deleted": ChatMessageDeleted;
  "chat.edited": ChatMessageEdited;
  "chat.pinned": ChatMessagePinned;
  "chat.reacted": ChatReacted;
  "chat.read": ChatReadUpTo;
  "chat.sent": ChatMessageSent;
  "chat.settings": ChatSettingsChanged;
  "files.changed": FilesChanged;
  "files.direct_changed": FilesDirectChanged;
  "files.direct_gone": FilesDirectGone;
  "files.gone": FilesGone;
  "files.settings_changed": FilesSettingsChanged;
  "floor.asked_at": FloorAskedAt;
  "floor.changed": FloorItemsChanged;
  "floor.gone": FloorItemsGone;
  "floor.past": FloorPastChanged;
  "floor.settings": FloorSettingsChanged;
  "floor.voted": FloorVoted;
  "floor.waiting": FloorItemsWaiting;
  "floor.waiting_gone": FloorWaitingGone;
  "people.changed": PeopleChanged;
  "people.knock_settled": PeopleKnockSettled;
  "people.knocked": PeopleKnocked;
  "people.readmitted": PeoplePersonReadmitted;
  "people.removed": PeoplePersonRemoved;
  "polls.changed": PollsChanged;
  "polls.gone": PollsGone;
  "polls.hosts_changed": PollsHostPollsChanged;
  "polls.hosts_gone": PollsHostPollsGone;
  "polls.voted": PollsVoted;
  "rooms.changed": RoomsRoomChanged;
  "rooms.closed": RoomsRoomClosed;
  "rooms.groups_changed": RoomsGroupsChanged;
  "rooms.invited": Invited;
  "rooms.uninvited": Uninvited;
  "study.alarms_changed": StudyAlarmsChanged;
  "study.alarms_gone": StudyAlarmsGone;
  "study.finished": StudyFinished;
  "study.list_gone": StudyListGone;
  "study.lists_changed": StudyListsChanged;
  "study.part_changed": StudyPartChanged;
  "study.settings_changed": StudySettingsChanged;
  "study.timer_changed": StudyTimerChanged;
  "study.todos_changed": StudyTodosChanged;
  "study.todos_gone": StudyTodosGone;
  "voice.auto": VoiceAutoSwitched;
  "voice.changed": VoiceCallChanged;
  "voice.ended": VoiceCallEnded;
  "voice.missed": VoiceMissedNow;
  "voice.settings": VoiceSettingsChanged;
}

export interface ServerSignals {
  "call.reacted": CallReacted;
  "call.said": CallSaid;
  "call.speaking": CallSpeaking;
  "chat.typing": ChatTypingNow;
  "files.devices": FilesDevicesNow;
  "files.progress": FilesProgressNow;
  "people.out": PeopleOut;
  "polls.tally": PollsTallyNow;
  "presence.level": PresenceLevelsNow;
  "presence.probe": PresenceProbed;
  "presence.time": PresenceTimeNow;
  "site.announced": SiteAnnounced;
  "voice.level": VoiceLevelNow;
  "voice.line": VoiceHeard;
  "voice.speaking": VoiceSpeaking;
}

export interface Snapshots {
  call: CallSnapshot;
  chat: ChatSnapshot;
  files: FilesSnapshot;
  floor: FloorSnapshot;
  people: PeopleSnapshot;
  polls: PollsSnapshot;
  rooms: RoomsSnapshot;
  study: StudySnapshot;
  voice: VoiceSnapshot;
}
