"""What is said to a person for each expected no, and the page that says it."""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from live.refusal import Refused

SENTENCES = {
    # the line
    "command.malformed": _("Plenary did not understand that. Please reload the page and try again."),
    "command.too_large": _("That is too long to send."),
    "slow.down": _("That was a little fast. Please wait a moment and try again."),
    "try.again": _("That did not work this time. Please try again."),
    "server.stumbled": _("Something went wrong on our side. It has been noted; please try again."),
    "command.unknown": _("Plenary has changed since this page was opened. Please reload it."),
    "sockets.too_many": _("Too many pages are open at the same time. Please close some of them."),
    "ticket.invalid": _("Please sign in again."),
    "topic.unknown": _("There is nothing here, or it is not open to you."),
    # rooms
    "room.unknown": _("There is no such room, or it is not open to you."),
    "room.not_open": _("The room is not open yet."),
    "room.ended": _("The session has ended. The record stays."),
    "room.not_yours": _("Only moderators of this session can do that."),
    "room.wrong_state": _("The session cannot go from here to there."),
    # questions
    "questions.closed": _("Questions are closed at the moment."),
    "questions.empty": _("Please write your question first."),
    "questions.no_anonymity": _("In this room questions carry a name."),
    "question.unknown": _("There is no such question here."),
    "question.changed": _("Somebody changed this question a moment ago. Here it is as it stands now."),
    "question.wrong_state": _("That is not possible with the question as it stands."),
    "question.not_yours": _("Only the person who asked can do that."),
    "question.another_now": _("Another question is being answered now."),
    "question.into_itself": _("A question cannot be joined with itself."),
    "question.nothing_to_undo": _("There is nothing to undo."),
    "early.over": _("The room is open already: ask there."),
    "early.too_many": _("Three questions before a session are the most. You can withdraw one of yours."),
    "early.not_speaking": _("This person does not speak in this session."),
    "votes.closed": _("Voting is closed at the moment."),
    "person.silenced": _("A moderator has paused your contributions in this session."),
    "person.moderates": _("Somebody who moderates this session cannot be silenced."),
    "person.unknown": _("There is no such person."),
    # the lounge
    "lounge.unknown": _("There is no such lounge, or you may not enter it."),
    "lounge.not_open": _("The lounge is not open yet."),
    "lounge.over": _("The lounge is over."),
    "lounge.no_place": _("You have no place in this lounge yet."),
    "now.busy": _("You are meeting somebody already."),
    "now.nowhere": _("No forum is on at the moment."),
    # polls and reactions
    "poll.unknown": _("There is no such poll here."),
    "poll.changed": _("Somebody changed this poll a moment ago. Here it is as it stands now."),
    "poll.wrong_state": _("That is not possible with the poll as it stands."),
    "poll.incomplete": _("A poll needs a question, and answers that are all different."),
    "poll.closed": _("This poll is closed."),
    "poll.unfit": _("This answer does not fit the poll. Please choose again."),
    "poll.vote_first": _("Those who have voted see the results."),
    "reactions.closed": _("Reactions are switched off at the moment."),
    # the stage
    "stage.full": _("The stage is full: twelve is the most, and a shared screen counts as one."),
    "stage.locked": _("The stage is locked at the moment. Please ask the chair."),
    "stage.not_yours": _("On stage are those who speak or moderate here, and whoever the chair asks to come up."),
    "stage.not_seated": _("Without a place on or behind the stage that is not possible."),
    "stage.not_asked": _("The invitation to come up does not stand any more."),
    "stage.not_live": _("That is not on stage at the moment."),
    "stage.screen_taken": _("Somebody else is sharing a screen already."),
    "stage.chair_moderates": _("Only somebody who moderates this session can take the chair."),
    "media.away": _("Live sound and pictures are not available just now. Please try again in a few seconds."),
    "media.busy": _("Very many people are joining at this moment. Please wait a few seconds."),
    "media.foreign": _("This came from another site, and was not done."),
    "media.unknown": _("This connection is not there any more. Please join again."),
    "media.changed": _("This connection was renewed meanwhile."),
    "media.malformed": _("The description of this connection could not be read."),
    "media.wrong_type": _("This is not the kind of content that is expected here."),
    "media.no_codec": _("Your program offers no kind of sound or picture that Plenary can pass on."),
    "media.unfit": _("That is not possible with this connection."),
    # the run of show
    "show.unknown": _("There is no such part of this session."),
    "show.changed": _("Somebody changed this part a moment ago. Here it is as it stands now."),
    "show.moved": _("Somebody has moved on already. Here is how it stands now."),
    "show.not_live": _("The session is not live."),
    "show.begun": _("That part has begun already."),
    "show.over": _("There is nothing after this."),
    "show.nothing_before": _("There is nothing before this."),
    "show.on_time": _("The session ends on time as it stands."),
    "show.nothing_to_shorten": _("Nothing that is still to come can be shortened any further."),
    "show.overtaken": _("This proposal does not fit any more. A new one is made when it is needed."),
    "show.too_long": _("A run of show has a hundred parts at most."),
    "show.no_document": _("That is none of this session’s documents."),
    "show.no_title": _("Please give it a title."),
    "show.running": _("The session is under way: change single parts instead of all of it."),
    "notice.unknown": _("There is no such message here."),
    "notice.empty": _("Please write something first."),
    # the speakers' list
    "floor.closed": _("The speakers’ list is closed at the moment. A point of order is still possible."),
    "floor.empty": _("Please write first what is to be read out."),
    "floor.nameless": _("Please say who is going to speak."),
    "hand.up": _("You are on the speakers’ list already."),
    "hand.none": _("You are not on the speakers’ list."),
    "questions.aloud_named": _("Whoever would like to say a question asks it with a name."),
    "turn.unknown": _("There is no such turn on the speakers’ list."),
    "turn.changed": _("Somebody changed this turn a moment ago. Here it is as it stands now."),
    "turn.not_waiting": _("This turn is not waiting any more."),
    "turn.not_invited": _("Nobody is being asked to come up for this turn."),
    "turn.not_speaking": _("They do not have the floor at the moment."),
    "turn.not_paused": _("This turn is not paused."),
    "turn.listed": _("This person is on the speakers’ list already."),
    "turn.over": _("This turn is over."),
    "turn.order_first": _("Points of order come first; they cannot be mixed with the others."),
    # chat
    "chat.closed": _("The chat is closed at the moment."),
    "chat.empty": _("Please write something first."),
    "message.unknown": _("There is no such message here."),
    "message.not_yours": _("Only the person who wrote it can do that."),
    # conversations
    "request.pending": _("Your request is waiting for an answer. Until then there is nothing more to write."),
    "request.unanswered": _("Please accept the request first."),
    "request.answered": _("This request was answered already."),
    "request.declined": _("Not now."),
    "request.not_yours": _("There is no request here for you to answer."),
    "request.too_long": _("A first message has two lines: 280 characters at most."),
    "request.too_many": _("You have begun very many conversations today. Please go on tomorrow."),
    "person.takes_no_messages": _("This person takes no messages."),
    "group.none": _("That is possible in a group only."),
    "group.full": _("A group has twenty people at most."),
    "group.strangers": _("You can ask people into a group with whom you have a conversation already."),
    "speakers.none": _("None of this session’s speakers takes messages."),
    "file.too_large": _("A file has 10 MB at most."),
    "file.wrong_type": _("Only pictures (JPEG, PNG, WebP, GIF) and PDF files can be sent."),
    "file.too_many": _("That were very many files today. Please go on tomorrow."),
    "file.unknown": _("There is no such file here."),
    "report.oneself": _("Nobody can report themselves."),
    "report.whom": _("Please choose the message that this is about."),
    # rooms for two
    "pair.not_open": _("This room opens five minutes before the time you agreed on."),
    "pair.over": _("This meeting is over. Your notes stay."),
    "pair.elsewhere": _("You have opened this room on another page, which is the one in use."),
    "pair.round": _("A round of speed networking ends for everybody at the same time."),
    "pair.not_free": _("One of you is expected somewhere else."),
    "pair.long_enough": _("It cannot be made any longer. You can agree on another time."),
    "pair.met": _("You are in touch already."),
    "notes.too_long": _("The notes are full: 20,000 characters is the most."),
    "notes.changed": _("The notes were changed a moment ago. Here they are as they stand now."),
    # people
    "sign_in.often": _("That was tried very often within the last hour. Please wait a while, then try again."),
    "sign_in.wrong_code": _("This is not the code in our newest e-mail. Please compare the six digits."),
    "sign_in.tries": _("This code was tried too often. We can send a new one."),
    "sign_in.expired": _("This code or link was used already or is older than 10 minutes. We can send a new one."),
    "sign_in.unknown": _("This address cannot sign in here. Please ask the organisers for an invitation."),
    "email.not_sent": _("We could not send the e-mail just now. Please try again in a few minutes."),
    "invitation.unknown": _("This invitation is not valid any more, or its address is not complete."),
    "invitation.used": _("This invitation was used on this device already. Sign in with your e-mail instead."),
    "nudge.unknown": _("There is no such notice."),
    "push.foreign": _("This browser’s notifications come from a service that Plenary does not know."),
    "push.unfit": _("This browser’s notifications cannot be used. Please switch them off and on again."),
    # meetings
    "meeting.unknown": _("There is no such meeting."),
    "meeting.changed": _("These times were replaced by others meanwhile. Here is how it stands now."),
    "meeting.wrong_state": _("That is not possible with the meeting as it stands."),
    "meeting.not_your_turn": _("The other is to answer first."),
    "meeting.taken": _("This time has just gone: it was agreed on with somebody else. Please choose another."),
    "meeting.you_are_booked": _("You have agreed to another meeting at that time. Please choose another time."),
    "meeting.past": _("That time has passed."),
    "meeting.expired": _("This proposal ran out. You can propose times of your own."),
    "meeting.not_free": _("Not all of these times are free for both of you any more. Please choose again."),
    "meeting.no_times": _("Please choose one, two or three times."),
    "meeting.no_video": _("They do not meet by video. Please choose another way."),
    "meeting.no_place": _("Please say where you would meet: a table, a room, a corner of the foyer."),
    "meeting.pending": _("There is an open proposal between the two of you already."),
    "meeting.too_many": _("You proposed many meetings today. Please wait until tomorrow."),
    "meetings.closed": _("Meetings cannot be proposed at the moment."),
    "meetings.not_yours": _("The organisers let only some groups propose meetings. You can still be invited."),
    "meetings.not_taken": _("They take no proposals to meet at the moment."),
    "delegates.too_many": _("Five people can act for you at most."),
    # programme
    "calendar.unknown": _("This address of a calendar is not valid any more."),
    "session.unknown": _("There is no such session, or it is not open to you."),
}

STATUS = {"slow.down": 429, "sign_in.often": 429, "try.again": 503, "email.not_sent": 503}


class RefusalPage:
    """A refusal that no view turned into something better becomes a page with its sentence."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, Refused):
            return None
        status = STATUS.get(exception.code, 404 if exception.code.endswith(".unknown") else 403)
        page = render_to_string("refused.html", {"sentence": SENTENCES[exception.code]}, request)
        return HttpResponse(page, status=status)
