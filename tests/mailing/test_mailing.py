"""Who is mailed when, and what is left of it when something fails in between."""

import threading
from contextlib import closing, suppress
from pathlib import Path
from uuid import UUID

import pytest

from ledger.application import mailing
from ledger.application.callers import as_volunteer
from ledger.application.forms.volunteer import MergeForm
from ledger.application.inbox import drop_address, owner_of
from ledger.application.merging import merge
from ledger.store.engine import sqlite_module
from ledger.store.outbox import MailCounts
from tests.application.homes import ON_SQLITE
from tests.application.volunteering import GROUND, OUYANG, erase, registered
from tests.mailing.conftest import HER_ADDRESS, INTERVAL_S, Post
from tests.mailing.postbox import FROM, PASSWORD, URL, USER, Behaviour, postbox


def test_a_digest_says_how_many_of_which_kind_and_nothing_else(post: Post) -> None:
    with postbox() as box:
        sending = post.with_news(box, looks=3)
        sending.round()
        (mail,) = box.taken
    message = mail.message
    assert mail.to == message["To"] == HER_ADDRESS
    assert message["From"] == FROM
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@ledger.example.org>")
    assert message["Date"].datetime == post.session.house.clock()
    assert "information looked at: 3" in mail.text
    assert "信息被查看: 3" in mail.text
    assert mail.text.count(URL) == 2
    private = (
        *(str(each) for each in vars(post.session.town).values() if isinstance(each, UUID)),
        str(post.session.volunteer),
        str(post.session.activity),
        "王",
        "重阳",
        "东华门",
        "13800000001",
    )
    sent = mail.content.decode() + mail.text + str(message["Subject"])
    assert [each for each in private if each in sent] == []


def test_nobody_is_mailed_who_gave_no_address_and_nothing_of_before(post: Post) -> None:
    post.look()
    with postbox() as box:
        sending = post.mailing(box)
        sending.round()
        post.look()
        sending.round()
        post.wants_mail(post.session.herself)
        sending.round()
        assert box.taken == []
        post.look()
        sending.round()
        assert "looked at: 1" in box.taken[0].text


def test_she_is_mailed_once_an_interval_and_not_what_she_has_seen(post: Post) -> None:
    with postbox() as box:
        sending = post.with_news(box)
        sending.round()
        post.look(2)
        post.later(seconds=INTERVAL_S - 1)
        sending.round()
        assert len(box.taken) == 1
        post.later(seconds=1)
        sending.round()
        assert "looked at: 2" in box.taken[1].text
        post.look()
        post.reads_all(post.session.herself)
        post.later(seconds=INTERVAL_S)
        sending.round()
        assert len(box.taken) == 2
    assert post.outbox.counts() == MailCounts(sent=2, failed=0, waiting=0, is_stuck=False)


def test_another_process_goes_on_and_sends_nothing_twice(post: Post) -> None:
    with postbox() as box:
        post.with_news(box)
        post.mailing(box).round()
        post.later(seconds=2 * INTERVAL_S)
        post.mailing(box).round()
    assert len(box.taken) == 1


@ON_SQLITE
def test_what_nobody_knows_to_be_sent_comes_again_as_the_same_mail(post: Post) -> None:
    with postbox(does=Behaviour(content="drop")) as box:
        sending = post.with_news(box)
        sending.round()
        assert len(box.taken) == 1
        assert post.outbox.counts().is_stuck
        # What came meanwhile is not told by the same mail, which may have arrived.
        post.look()
        box.does.content = "take"
        post.later(seconds=INTERVAL_S)
        post.mailing(box).round()
        first, second = (each.message["Message-ID"] for each in box.taken)
        assert first == second
        assert "looked at: 1" in box.taken[1].text
        post.later(seconds=INTERVAL_S)
        post.mailing(box).round()
        assert box.taken[2].message["Message-ID"] != first
        assert "looked at: 1" in box.taken[2].text
    assert not post.outbox.counts().is_stuck


FULL = sqlite_module().IntegrityError
"""What a trigger raises that lets the outbox take no more."""


def fails(outbox: Path, change: str) -> None:
    """Let the outbox take no more of a change, as where the disk is full."""
    with closing(sqlite_module().connect(outbox)) as connection, connection:
        connection.execute(
            f"CREATE TRIGGER full_{len(change)} BEFORE UPDATE {change} ON persons"
            " BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )


@ON_SQLITE
def test_an_outbox_that_cannot_be_written_sends_nothing(post: Post) -> None:
    with postbox() as box:
        sending = post.with_news(box)
        # The disk is full once the mail was taken, before that is written down.
        fails(post.outbox._path, "OF told_through")
        with pytest.raises(FULL):
            sending.round()
        assert len(box.taken) == 1
        fails(post.outbox._path, "")
        for _ in range(3):
            post.later(days=1)
            with pytest.raises(FULL):
                sending.round()
    assert len(box.taken) == 1


@ON_SQLITE
@pytest.mark.parametrize("why", ["dropped", "unsettled", "put off"])
def test_no_mail_is_tried_more_than_so_many_times(
    post: Post, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    monkeypatch.setattr(mailing, "DEFERRED_MAX", 3)
    does = Behaviour(content={"dropped": "drop", "put off": "later"}.get(why, "take"))
    with postbox(does=does) as box:
        sending = post.with_news(box)
        if why == "unsettled":
            fails(post.outbox._path, "OF told_through")
        for _ in range(6):
            with suppress(FULL):
                sending.round()
            post.later(days=1)
        assert len(box.taken) == 3
        assert len({each.message["Message-ID"] for each in box.taken}) == 1
        if why == "unsettled":
            return
        assert post.outbox.counts().failed == 1
        post.look()
        sending.round()
        assert "looked at: 1" in box.taken[3].text
        assert box.taken[3].message["Message-ID"] != box.taken[0].message["Message-ID"]


@ON_SQLITE
def test_a_mistake_of_ours_is_not_told_as_the_server_being_away(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*_: object, **__: object) -> None:
        raise ValueError("of ours")

    with postbox() as box:
        sending = post.with_news(box)
        with monkeypatch.context() as patched:
            patched.setattr(mailing, "compose", wrong)
            with pytest.raises(ValueError, match="of ours"):
                sending.round()
        assert not post.outbox.counts().is_stuck  # the server is not away
        sending.round()
        assert box.taken == []  # not before its time
        post.later(minutes=2)
        sending.round()
        assert len(box.taken) == 1


@ON_SQLITE
def test_a_refused_recipient_is_given_up_until_she_gives_another_address(post: Post) -> None:
    with postbox(does=Behaviour(to_recipient="550 no such user")) as box:
        sending = post.with_news(box)
        for _ in range(6):
            sending.round()
            post.later(days=3)
        assert post.outbox.counts() == MailCounts(0, 1, 0, is_stuck=False)
        box.does.to_recipient = "250 OK"
        post.look()
        sending.round()
        assert box.taken == []
        post.wants_mail(post.session.herself, "new@example.org")
        post.look()
        sending.round()
        (mail,) = box.taken
        assert mail.to == "new@example.org"


@ON_SQLITE
def test_a_recipient_put_off_is_tried_again_and_keeps_nobody_else_waiting(post: Post) -> None:
    session = post.session
    other = registered(session.office, session.town.recorder, OUYANG)
    with postbox(does=Behaviour(to_recipient="451 later")) as box:
        sending = post.with_news(box)
        sending.round()
        box.does.to_recipient = "250 OK"
        post.wants_mail(as_volunteer(other), "other@example.org")
        post.session = type(session)(
            session.house, session.town, session.office, session.activity, other
        )
        post.look()
        sending.round()
        assert [each.to for each in box.taken] == ["other@example.org"]
        post.later(minutes=2)
        sending.round()
        assert [each.to for each in box.taken] == ["other@example.org", HER_ADDRESS]


@ON_SQLITE
def test_a_server_that_says_nothing_is_left_and_tried_again(post: Post) -> None:
    post.server = {"timeout_s": 0.2}
    with postbox(does=Behaviour(content="hang")) as box:
        sending = post.with_news(box)
        sending.round()
        assert post.outbox.counts() == MailCounts(0, 0, 1, is_stuck=True)
        sending.round()
        assert box.does.sessions == 1  # not before its time
        box.does.content = "take"
        post.later(minutes=5)
        sending.round()
        assert len(box.taken) == 1


@ON_SQLITE
def test_whoever_waits_for_the_server_is_cut_off_when_the_service_ends(post: Post) -> None:
    post.server = {"timeout_s": 60.0}
    with postbox(does=Behaviour(content="hang")) as box:
        sending = post.with_news(box)
        waits = threading.Thread(target=sending.round)
        waits.start()
        while not box.does.sessions:
            waits.join(0.01)
        sending._post.abort()  # type: ignore[attr-defined]
        waits.join(30)
        assert not waits.is_alive()


@ON_SQLITE
def test_no_server_is_no_harm(post: Post) -> None:
    with postbox() as box:
        sending = post.with_news(box)
    sending.round()
    assert post.outbox.counts() == MailCounts(0, 0, 1, is_stuck=True)
    with postbox(port=box.port) as back:
        post.later(hours=1)
        sending.round()
        assert len(back.taken) == 1


@ON_SQLITE
def test_it_speaks_tls_to_whom_it_trusts_and_signs_in(post: Post, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text(f"{PASSWORD}\n")
    secret.chmod(0o600)
    signs_in = {"user": USER, "password_file": secret}
    with postbox(tmp_path) as box:
        post.with_news(box)
        for wrong in ({"ca_file": None}, {"user": "other"}, {"security": "none"}):
            post.mailing(box, **signs_in | wrong).round()
            assert box.taken == []
            post.later(hours=7)
        post.mailing(box, **signs_in).round()
        assert [each.to for each in box.taken] == [HER_ADDRESS]


@ON_SQLITE
def test_who_wants_no_more_or_was_erased_is_mailed_no_more(post: Post) -> None:
    session = post.session
    with postbox() as box:
        sending = post.with_news(box)
        drop_address(session.office, owner_of(session.office, session.herself))
        sending.round()
        post.wants_mail(session.herself)
        post.look()
        erase(session.house, session.volunteer)
        session.office.states.forget_all()
        sending.round()
        post.later(days=1)
        sending.round()
    assert box.taken == []
    assert post.outbox.counts().waiting == 0


@ON_SQLITE
def test_one_human_of_two_registrations_gets_one_mail(post: Post) -> None:
    session = post.session
    other = registered(session.office, session.town.recorder, OUYANG)
    with postbox() as box:
        sending = post.mailing(box)
        sending.round()
        post.wants_mail(session.herself)
        post.wants_mail(as_volunteer(other), "other@example.org")
        form = MergeForm.model_validate({**GROUND, "into": str(session.volunteer)})
        merge(session.office, session.town.station_head, other, form)
        sending.round()
        assert [each.to for each in box.taken] == [HER_ADDRESS]
        assert "your registration: 1" in box.taken[0].text


@ON_SQLITE
def test_what_is_nearly_late_is_mailed_once_a_day_to_who_has_to_do_it(post: Post) -> None:
    session = post.session
    recorder = session.town.recorder
    record = session.publicized()
    with postbox() as box:
        sending = post.mailing(box)
        sending.round()
        post.wants_mail(recorder, "recorder@example.org")
        session.reviewing.return_record(session.town.reviewer, record, "请更正时间。")
        sending.round()
        told = len(box.taken)
        days: list[int] = []
        for day in range(1, 15):
            session.house.clock.set(f"2026-12-{day:02} 07:59")
            sending.round()
            assert len(box.taken) == told
            for hour in ("08:00", "12:00"):
                session.house.clock.set(f"2026-12-{day:02} {hour}")
                sending.round()
            if len(box.taken) > told:
                days.append(day)
                assert "about to be late" in box.taken[-1].text
                assert len(box.taken) == told + 1
            told = len(box.taken)
    assert days
    weekends = {5, 6, 12, 13}
    assert not weekends & set(days)


@ON_SQLITE
def test_one_of_several_processes_sends(post: Post) -> None:
    first, second = post.outbox, post.outbox
    assert first.take_turn()
    assert first.take_turn()
    assert not second.take_turn()
    first.leave()
    assert second.take_turn()
    second.leave()


@ON_SQLITE
def test_a_log_that_was_put_back_and_a_lost_outbox_tell_nothing_anew(post: Post) -> None:
    with postbox() as box:
        sending = post.with_news(box)
        sending.round()
        for file in post.folder.glob("outbox.sqlite*"):
            file.unlink()
        post.later(days=1)
        post.mailing(box).round()
        post.outbox.keep_number("scanned", 10**6)
        post.mailing(box).round()
        assert len(box.taken) == 1
        post.look()
        post.mailing(box).round()
        assert len(box.taken) == 2


@ON_SQLITE
def test_nothing_of_hers_stands_in_the_outbox_or_is_logged(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    with postbox(does=Behaviour(to_recipient=f"421 {HER_ADDRESS} goes away")) as box:
        sending = post.with_news(box)
        sending.round()
    assert post.outbox.counts().is_stuck
    assert caplog.records
    assert HER_ADDRESS not in caplog.text
    for file in post.folder.glob("outbox.sqlite*"):
        assert HER_ADDRESS.encode() not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
