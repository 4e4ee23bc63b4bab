package words

import (
	"maps"
	"slices"
	"strings"
)

// familyAreas are the files whose texts guardians and young people read.
var familyAreas = []string{"citizen", "common", "error", "family", "front", "names"}

// familyKeys are what they read of other files: whole keys, and beginnings that
// end with a dot or a line. A test follows the family's pages and finds what is
// not here.
var familyKeys = []string{
	"error.guest_reserve_first", "guest.accept", "guest.answer", "guest.decline", "guest.gone", "guest.interpreter.duty", "guest.interpreter.texts",
	"guest.language", "guest.page", "guest.points", "guest.poll.", "guest.reserve.", "guest.saved", "guest.state.accepted", "guest.state.declined",
	"guest.until", "meeting.link", "meeting.link.open", "meeting.place", "meeting.point", "meeting.when",
	"error.already_answered", "error.consent_is_over", "error.consent_lapsed", "error.intervention_ended", "error.not_explained",
	"error.nothing_in_force", "error.other_hat", "error.version_changed", "error.version_is_over", "flash.asked", "flash.notice_saved", "flash.session_ended", "hats.", "inquiry.answer", "inquiry.appeal.", "inquiry.diary",
	"inquiry.due", "inquiry.empty", "inquiry.item", "inquiry.kind", "inquiry.kind.", "inquiry.late", "inquiry.lead", "inquiry.line", "inquiry.new",
	"inquiry.new.", "inquiry.outcome.", "inquiry.send", "inquiry.title", "inquiry.to", "inquiry.words", "inquiry.words.hint", "item.written",
	"mail.collaboration_ended.citizen", "mail.collaboration_ended.subject", "mail.consent_to_sign.", "mail.digest.",
	"mail.expiry_reminder.citizen", "mail.expiry_reminder.subject", "mail.greeting", "mail.no_", "mail.receipt_ready.", "mail.seat_changed.", "mail.sender", "mail.sign_in",
	"meeting.time", "notice.", "picture.progress.", "plan.closed", "plan.commitments", "plan.due", "plan.empty", "plan.family.", "plan.follow_up",
	"plan.goals", "plan.note", "plan.overdue", "plan.report", "plan.state.", "plan.stop", "plan.stopped.", "plan.words", "private.", "sessions.", "sms.",
}

// staffKeys are those of the family's files that only forms and menus of staff
// show, written as familyKeys are. A language for the family alone need not have them.
var staffKeys = []string{
	"authority.kind.", "closed.", "custody.", "cutoff.ask_new", "error.approver_is_another", "error.bad_key", "error.before_intervention",
	"error.choose_category", "error.choose_ground", "error.choose_recipient", "error.commitment_", "error.date_", "error.disclosure_",
	"error.draft_", "error.exclusion_", "error.exclusions_too_many", "error.grant_", "error.grants_missing", "error.grants_too_many", "error.guardian_required", "error.import_", "error.inquiry_", "error.last_coordinator",
	"error.logout_token_used", "error.meeting_", "error.minutes_", "error.part_elsewhere", "error.plan_has_changed", "error.plan_in_the_past",
	"error.plan_not_", "error.own_drafts_", "error.question_", "error.room_", "error.same_person_twice", "error.sole_custody_", "error.search_", "error.signers_", "error.staff_key_taken", "error.stand_in_",
	"error.texts_changed",
	"error.unknown_category", "error.window_too_long", "error.withdrawal_in_future", "matrix.", "nav.directory", "nav.inbox",
	"nav.interventions", "nav.items", "nav.ledger", "nav.search", "nav.tasks", "nav.today", "nav.transfers", "picture.radar.",
	"programme.", "state.intervention.",
}

// ForFamily reports whether guardians and young people read a text. Every
// language has all of those, so that no page of theirs falls back to Swedish.
func ForFamily(key string) bool { return catalogs()[source].forFamily(key) }

func (c *catalog) forFamily(key string) bool {
	named := func(part string) bool {
		return key == part || strings.ContainsAny(part[len(part)-1:], "._") && strings.HasPrefix(key, part)
	}
	switch {
	case strings.HasPrefix(key, "citizen."):
		return true
	case slices.Contains(familyAreas, c.area(key)):
		return !slices.ContainsFunc(staffKeys, named)
	}
	return slices.ContainsFunc(familyKeys, named)
}

// Keys lists the key of every text, in order.
func (l *Language) Keys() []string { return slices.Sorted(maps.Keys(l.catalog.texts)) }
