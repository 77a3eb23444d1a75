"""How the server says no: one exception, and the list of every code it may carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CODES: dict[str, str] = {
    "invalid": "The request is not of the declared shape; `field` names the part.",
    "too_large": "The request is larger than 64 KiB.",
    "unknown_command": "There is no command, query or signal of this name.",
    "session_required": "There is no session: get one from POST /api/session.",
    "origin_refused": "The request comes from a page that is not this server's own.",
    "rate_limited": "Too much in a short time; try again after `retry_after` seconds.",
    "unavailable": "The server could not store this; nothing happened. Try again.",
    "internal": "Something went wrong in the server; nothing happened.",
    "room_unknown": "No room has this link.",
    "room_closed": "The room has been closed.",
    "room_locked": "The room is locked: nobody comes in now.",
    "invited_only": "The room is for invited people. Sign in first.",
    "not_invited": "This account is not among those that the room is for.",
    "knock_required": "Knock first: a host lets people in.",
    "room_password_required": "The room has a password. Give it first.",
    "room_password_wrong": "That is not the room's password.",
    "room_full": "The room has as many people as it may have.",
    "pin_unknown": "No open room has this PIN.",
    "knock_unknown": "There is no such request to come in.",
    "not_joined": "Join the room first.",
    "already_joined": "This person has already joined the room.",
    "removed": "A host has removed this person from the room.",
    "banned": "A host has banned this person from the room.",
    "forbidden": "This person's role does not allow it.",
    "name_required": "A name is needed.",
    "name_too_long": "The name is longer than allowed.",
    "person_unknown": "Nobody of this id is in the room.",
    "activity_unknown": "There is no such activity.",
    "activity_off": "The activity is switched off in this room.",
    "message_empty": "The message has no text.",
    "message_too_long": "The message is longer than allowed.",
    "message_unknown": "There is no such message here.",
    "muted": "A host has muted this person.",
    "participants_only": "Only participants and hosts may write now.",
    "slow_mode": "One message in a while; try again after `retry_after` seconds.",
    "direct_off": "Direct messages are switched off in this room.",
    "sign_in_required": "Sign in first, or once more.",
    "proof_required": "Show once more that it is you, then do this within ten minutes.",
    "credentials_wrong": "Address and password do not belong together.",
    "password_weak": "The password is too short, too long or one of those that everybody tries first.",
    "email_invalid": "This is no address for e-mail.",
    "email_taken": "There is an account with this address already.",
    "already_signed_in": "This browser is signed in already.",
    "account_disabled": "An administrator has disabled this account.",
    "account_unknown": "There is no such account.",
    "link_expired": "The link was used already, or is too old.",
    "picture_invalid": "The picture is not a PNG, JPEG or WebP of at most 256 KiB and 20 megapixels.",
    "took_too_long": "That took too long, or was tried too often. Begin again.",
    "code_wrong": "The code is not right, or was used already.",
    "second_factor_on": "The second factor is on already. Switch it off first.",
    "second_factor_off": "There is no second factor to this account.",
    "second_factor_required": "Administrators need a second factor here. Set it up on your account's page.",
    "provider_failed": "The other service did not confirm who this is.",
    "provider_unknown": "There is no such service to sign in with.",
    "plan_unknown": "There is no such planned room.",
    "plan_over": "It was called off or is over.",
    "plans_too_many": "There are as many planned rooms as one account may have.",
    "invitees_too_many": "A planned room has at most 500 invitees.",
    "zone_unknown": "There is no such time zone.",
    "time_invalid": "This time is not possible.",
    "mail_limit": "As many mails as one account may cause in a day were sent. Try again tomorrow.",
    "push_invalid": "Nothing can be sent to this address.",
    "push_stopped": "This browser was taken off the list of those that are reminded.",
    "sign_ups_closed": "This server makes no new accounts just now.",
    "announcement_unknown": "There is no such announcement.",
    "item_unknown": "There is no such item in the queue.",
    "item_empty": "Write something first.",
    "item_too_short": "The item has fewer words than it needs.",
    "item_too_long": "The item has more words than it may have.",
    "item_open": "This person has as many items in the queue as one may have.",
    "cooling_down": "One item in a while; try again after `retry_after` seconds.",
    "queue_full": "The queue is full.",
    "floor_closed": "The queue does not take this now.",
    "upvotes_off": "Voting is switched off in this room.",
    "call_unknown": "There is no such call, or not any more.",
    "call_running": "This person is being called already.",
    "call_taken": "Another page has this end of the call.",
    "call_alone": "The other end of the call is not there just now.",
    "call_begins_anew": "The call has begun anew since.",
    "lines_busy": "As many phones are called or live as this room allows.",
    "person_away": "This person is not here just now.",
    "not_in_call": "This connection is not in the call.",
    "call_elsewhere": "This person is in the call on another page.",
    "call_full": "As many people are in the call as it may have.",
    "participant_unknown": "Nobody like this is in the call, or not any more.",
    "held": "This may not be sent now.",
    "recording_runs": "This person is recording already.",
    "recording_unknown": "There is no such recording, or not any more.",
    "poll_unknown": "There is no such poll here.",
    "poll_state": "The poll is not in a state in which this can be done.",
    "poll_invalid": "The question cannot be asked like this; `field` names the part.",
    "poll_changed": "Somebody else has changed this draft since.",
    "poll_not_open": "The poll is not open yet.",
    "poll_over": "The poll is closed: this came too late.",
    "poll_begun_anew": "The poll has been opened anew since.",
    "poll_anonymous": "Nobody knows who voted how in an anonymous poll.",
    "polls_too_many": "A room has at most 200 polls.",
    "already_voted": "This person has voted here already.",
    "option_unknown": "There is no such option in this poll.",
    "choices_wrong": "So many options or words cannot be chosen.",
    "value_out_of_range": "The number is not among those that can be given.",
    "answer_invalid": "The answer is empty or too long.",
    "results_hidden": "The results are not shown to this person now.",
    "word_unknown": "There is no such word or text in this poll.",
    "import_invalid": "The file cannot be read as polls; the message says where it is wrong.",
    "template_unknown": "There is no such template.",
    "templates_too_many": "There are as many templates as one person may keep.",
    "emoji_invalid": "The reaction is not one emoji.",
    "file_unknown": "There is no such file here.",
    "file_too_large": "The file is larger than files may be here: `limit` bytes.",
    "room_files_full": "The room's files take as much as they may; `free` bytes are left.",
    "server_files_full": "The files on this server take as much as they may; `free` bytes are left.",
    "disk_full": "The server's disk is full; `free` bytes are left.",
    "files_too_many": "The room has as many files as it may have.",
    "uploads_closed": "Only hosts, or only the owner, may put files into this room.",
    "device_unknown": "This device is not here any more.",
    "text_invalid": "The text is empty or too long.",
    "already_answered": "This was answered already.",
    "upload_incomplete": "The file is still coming.",
    "upload_over": "The upload was given up, or its file deleted.",
    "upload_busy": "The bytes of this upload are coming by another request.",
    "offset_wrong": "The upload is not at this offset; ask for it by HEAD.",
    "checksum_wrong": "The bytes are not those that were sent; they were thrown away.",
    "tus_version_wrong": "The upload protocol is tus 1.0.0: say so in Tus-Resumable.",
    "media_type_wrong": "The body must be application/offset+octet-stream.",
    "range_wrong": "The file has no such bytes.",
    "todo_unknown": "There is no such to-do here.",
    "todos_too_many": "There are as many to-dos as there may be: `limit`.",
    "list_unknown": "There is no such list here.",
    "lists_too_many": "There are as many lists as there may be: `limit`.",
    "id_taken": "Something else has this id already. Make another one.",
    "timer_changed": "Somebody else was quicker: the timer is another one by now.",
    "timer_state": "The timer is not in a state in which this can be done.",
    "alarm_unknown": "There is no such alarm here.",
    "alarm_past": "This time is over already.",
    "alarm_state": "The alarm is not in a state in which this can be done.",
    "alarms_too_many": "There are as many alarms as there may be: `limit`.",
    "not_previewed": "What this is cannot be shown safely; download it.",
}


class Refused(Exception):
    """A request that is turned down. Nothing of it is stored or told to anyone.

    ``code`` is one of :data:`CODES`, ``message`` a sentence for people, ``field`` the part of the request at
    fault, ``retry_after`` seconds until it is worth trying again, ``numbers`` what was measured, by names.
    """

    def __init__(
        self,
        code: str,
        message: str | None = None,
        *,
        field: str | None = None,
        retry_after: float | None = None,
        numbers: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message or CODES[code]
        self.field = field
        self.retry_after = retry_after
        self.numbers = dict(numbers or {})
        for name, number in self.numbers.items():
            self.message = self.message.replace(f"`{name}`", f"{number:,}")

    def as_dict(self) -> dict[str, Any]:
        """The refusal on the wire, ``{ok: false, code, message, field?, retry_after?}`` and the numbers."""
        said: dict[str, Any] = {"ok": False, "code": self.code, "message": self.message, **self.numbers}
        if self.field is not None:
            said["field"] = self.field
        if self.retry_after is not None:
            said["retry_after"] = round(self.retry_after, 3)
        return said
