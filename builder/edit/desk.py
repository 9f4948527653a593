"""The desk at which people work: what each of them sees of a branch, and what becomes of what they send.

Everything that somebody sends is checked first: whether they may, whether somebody else was faster, whether it can be
published. Then it is one commit in the person's name, or a proposal where texts are reviewed; or nothing was changed.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from http import HTTPStatus

from builder.content import read_organization
from builder.content.forms import Choice, branch_choices
from builder.content.owners import Person, Rights
from builder.content.settings import read_branch_file
from builder.content.walk import walk
from builder.edit.bounded import BoundedCalls
from builder.edit.drafting import Draft, Drafting, NewEntry, Operation
from builder.edit.git import Author, GitError, MovedError, WorkingCopy
from builder.edit.places import HUB, TOPICS, BranchFiles, is_settings
from builder.edit.proposals import Proposal, Proposals
from builder.edit.refusal import RefusalError
from builder.edit.trees import CommitTree, View
from builder.messages.terms import translator_of
from builder.messages.translation import N_, Translator
from builder.model.struct import Struct
from builder.model.values import Branch, Organization, Section

_TRIES = 3
_FETCH_SECONDS = 30.0


class Worker(Struct, frozen=True):
    """Somebody at the desk: who they are for ``owners:``, the name in commits, and the branches that the operator gave them
    beside those that they own. ``everything``: the one person of a machine that nobody else reaches."""

    person: Person
    author: Author
    branches: tuple[str, ...] = ()
    everything: bool = False


class Saved(Struct, frozen=True):
    """The outcome of something sent: the commit and its time, the marks of paths, sentences for the person, the page's address;
    ``proposed``: it waits for somebody to release it."""

    commit: str
    time: str
    files: Mapping[str, str] = {}
    notes: tuple[str, ...] = ()
    address: str = ""
    proposed: bool = False


class Desk:
    """The desk of one working copy."""

    def __init__(
        self,
        copy: WorkingCopy,
        clock: Callable[[Organization], datetime],
        remote: str = "",
    ) -> None:
        """``clock`` tells the time in the organization's zone; every commit is pushed to a ``remote`` before it counts."""
        self.copy = copy
        self.proposals = Proposals(copy)
        self.calls = BoundedCalls()
        self._clock, self._remote = clock, remote
        self._moved: Callable[[], None] = lambda: None
        self._saving = threading.Lock()
        self._fetched = -_FETCH_SECONDS
        self._read: tuple[str, Organization, Rights] | None = None
        self._tree: CommitTree | None = None
        self._choices: tuple[Mapping[str, str], tuple[Choice, ...]] | None = None
        # A form goes on with the names that it gave, until it is opened anew.
        self._aliases: dict[str, dict[str, str]] = {}

    def when_moved(self, tell: Callable[[], None]) -> None:
        """Has ``tell`` called after every change of what is committed or proposed."""
        self._moved = tell

    # What is there.

    def organization(self) -> Organization:
        """Returns the organization, as the working copy has it. Raises RefusalError while it cannot be read."""
        return self._state()[0]

    def text(self) -> Translator:
        """Returns the texts of the organization's language."""
        return translator_of(self.organization())

    def rights(self) -> Rights:
        """Returns the rights by what is committed."""
        return self._state()[1]

    @property
    def reviewed(self) -> bool:
        """True where a text is published only after somebody released it."""
        editing = self.organization().editing
        return editing is not None and editing.review

    def _state(self) -> tuple[Organization, Rights]:
        head = self.copy.head()
        if self._read is None or self._read[0] != head:
            organization, _ = read_organization(self.copy.root)
            if organization is None:
                message = N_("organization.yml has an error, so nothing can be changed here until it is repaired.")
                raise RefusalError(HTTPStatus.SERVICE_UNAVAILABLE, message)
            before = self._read[2] if self._read is not None else None
            tree = CommitTree(self.copy, head)
            self._read, self._tree = (head, organization, Rights(tree, before=before)), tree
        return self._read[1:]

    def branches_of(self, worker: Worker) -> tuple[str, ...]:
        """Returns the slugs of the branches that somebody may write for."""
        rights = self.rights()
        if worker.everything:
            return tuple(rights.branches())
        granted = (slug for slug in worker.branches if rights.has_branch(slug))
        return tuple(sorted({*rights.branches_of(worker.person), *granted}))

    def writes_for(self, worker: Worker, slug: str) -> bool:
        """Tells whether somebody may write for a branch; nobody may for one that there is not."""
        return _writes_for(self.rights(), worker, slug)

    def sight(self, worker: Worker) -> Callable[[str], bool]:
        """Returns which sites somebody may look at in the preview, on which drafts are: their own branches'. The hub (an empty
        slug) has those of all branches."""
        rights = self.rights()
        whole = _writes_for(rights, worker, HUB)
        return cache(lambda site: whole or _writes_for(rights, worker, site))

    def may_write(self, worker: Worker, path: str) -> bool:
        """Tells whether somebody may write what lies at a path."""
        hub = path.startswith(f"content/{HUB}/")
        return self.writes_for(worker, HUB if hub else self.rights().branch_of(path))

    def may_describe(self, worker: Worker, path: str) -> bool:
        """Tells whether somebody may write a branch's settings: its owners, and not all who were invited to write for it."""
        return worker.everything or self.rights().may_change(worker.person, path)

    def may_release(self, worker: Worker, proposal: Proposal) -> bool:
        """Tells whether somebody may publish a proposal, or give it back: an owner of its branch, and not of one's own."""
        if worker.everything:
            return True
        own = proposal.author.name == worker.author.name
        return not own and all(self.rights().may_change(worker.person, path) for path in proposal.paths)

    def branch(self, slug: str) -> Branch:
        """Returns a branch; the hub is one whose only section are its topics. Raises RefusalError for one that cannot be read."""
        if slug == HUB:
            organization, topics = self.organization(), self.text().gettext(N_("Topics"))
            sections = (Section(slug=TOPICS, title=topics, dated=False),)
            name = organization.short_name or organization.name
            return Branch(slug=HUB, name=name, language=organization.language, sections=sections)
        found = list(walk(self.copy.root, f"content/{slug}"))
        branch = read_branch_file(self.copy.root, slug, self.organization(), found)[0]
        if branch is None:
            message = N_(
                "The settings of this branch have an error, so nothing can be changed here until they are repaired."
            )
            raise RefusalError(HTTPStatus.SERVICE_UNAVAILABLE, message)
        return branch

    def choices(self) -> tuple[Choice, ...]:
        """Returns all branches with their names; they are read again when the settings of one have changed."""
        self._state()
        settings = self._tree.settings if self._tree is not None else {}
        if self._choices is None or self._choices[0] != settings:
            self._choices = settings, branch_choices(self.copy.root)
        return self._choices[1]

    def name_of(self, slug: str) -> str:
        """Returns a branch's name for people; the name of its folder if it has none that can be read."""
        return self.names_of([slug])[0][1]

    def names_of(self, slugs: Iterable[str]) -> list[tuple[str, str]]:
        """Returns branches with their names."""
        organization = self.organization()
        names = {each.value: each.label for each in self.choices()}
        names[HUB] = organization.short_name or organization.name
        return [(slug, names.get(slug, slug)) for slug in slugs]

    def view(self, worker: Worker) -> View:
        """Returns the state that somebody works on: what is committed, with their own proposals."""
        proposals = self.proposals.all() if self.reviewed else ()
        return View(self.copy, self.copy.head(), [each for each in proposals if each.author.name == worker.author.name])

    def files(self, worker: Worker, slug: str) -> BranchFiles:
        """Returns the files of a branch as somebody sees them."""
        return self._files(worker, slug, self.view(worker))

    def _files(self, worker: Worker, slug: str, view: View) -> BranchFiles:
        return BranchFiles(self.branch(slug), view.files(f"content/{slug}"), self._aliases.get(worker.person.name, {}))

    def forget_names(self, worker: Worker) -> None:
        """Forgets the names that somebody's form gave: it is opened anew."""
        self._aliases.pop(worker.person.name, None)

    # What is sent.

    def save(self, worker: Worker, slug: str, operations: tuple[Operation, ...]) -> Saved:
        """Saves what a form sent. Raises RefusalError, and then nothing was changed."""
        with self._saving:
            for _ in range(_TRIES):
                draft = self._draft(worker, slug, operations)
                if not draft.changes:
                    return Saved(self.view(worker).id, self._time(), draft.files_of({}))
                try:
                    saved = self._propose(worker, draft) if self.reviewed else self._commit(worker, draft)
                    self._aliases.setdefault(worker.person.name, {}).update(draft.aliases)
                    return saved
                except MovedError:
                    self.take_in()
            raise RefusalError(HTTPStatus.CONFLICT, BUSY)

    def add(self, worker: Worker, slug: str, make: Callable[[BranchFiles], NewEntry]) -> tuple[Saved, NewEntry]:
        """Adds an entry that was made elsewhere; ``make`` gets the files that are there. Raises RefusalError, and then nothing
        was changed, and whatever ``make`` raises."""
        entry = make(self.files(worker, slug))
        with self._saving:
            for _ in range(_TRIES):
                view = self.view(worker)
                if entry.files.keys() & self._files(worker, slug, view).by_path.keys():
                    entry = make(self._files(worker, slug, view))
                draft = self._checked(worker, self._drafting(worker, slug, view).new(entry))
                try:
                    return (self._propose(worker, draft) if self.reviewed else self._commit(worker, draft)), entry
                except MovedError:
                    self.take_in()
            raise RefusalError(HTTPStatus.CONFLICT, BUSY)

    def _draft(self, worker: Worker, slug: str, operations: tuple[Operation, ...]) -> Draft:
        return self._checked(worker, self._drafting(worker, slug, self.view(worker)).draft(operations))

    def _drafting(self, worker: Worker, slug: str, view: View) -> Drafting:
        organization = self.organization()
        return Drafting(organization, self._files(worker, slug, view), view, self.now(), self.text(), self.calls)

    def _checked(self, worker: Worker, draft: Draft) -> Draft:
        """Returns a draft that somebody may save. Raises RefusalError."""
        for path in draft.changes:
            if not self.may_write(worker, path) or (is_settings(path) and not self.may_describe(worker, path)):
                raise RefusalError(HTTPStatus.FORBIDDEN, NOT_YOURS, path=path)
        by_hand = self.copy.edited_by_hand(self.copy.head(), tuple(draft.changes))
        if by_hand:
            message = N_(
                "{path} was changed in the folder by hand and is not committed; ask the operator to commit it."
            )
            raise RefusalError(HTTPStatus.CONFLICT, message, path=by_hand[0])
        return draft

    def _commit(self, worker: Worker, draft: Draft) -> Saved:
        head = self.copy.head()
        made = self.copy.make([head], draft.changes, worker.author, worker.author, draft.message)
        self._publish(head, made)
        blobs = {path: new for path, (_, new) in self.copy.changed(head, made).items()}
        return Saved(made, self._time(), draft.files_of(blobs), draft.notes, draft.address)

    def now(self) -> datetime:
        """Returns the time, in the organization's zone."""
        return self._clock(self.organization())

    def _time(self) -> str:
        return self.now().isoformat()

    def _publish(self, head: str, made: str) -> None:
        """Makes a commit the branch's, in the other repository first."""
        if self._remote:
            try:
                taken = self.copy.push(self._remote, made)
            except GitError as error:
                raise RefusalError(HTTPStatus.SERVICE_UNAVAILABLE, UNREACHABLE, remote=self._remote) from error
            if not taken:
                raise MovedError
        self.copy.advance(head, made)
        self._moved()

    def take_in(self) -> None:
        """Brings what others pushed into the working copy. Raises RefusalError where that takes a person."""
        if not self._remote:
            return
        try:
            there, here = self.copy.fetch(self._remote), self.copy.head()
        except GitError as error:
            raise RefusalError(HTTPStatus.SERVICE_UNAVAILABLE, UNREACHABLE, remote=self._remote) from error
        if self.copy.is_ancestor(there, here):
            return
        if not self.copy.is_ancestor(here, there):
            message = N_(
                "The working copy here and {remote} have both gone on; the operator has to bring them together before anything "
                "can be saved."
            )
            raise RefusalError(HTTPStatus.CONFLICT, message, remote=self._remote)
        self.copy.advance(here, there)
        self._moved()

    def take_in_soon(self) -> None:
        """Brings what others pushed into the working copy, unless that was done a moment ago or cannot be done now."""
        if not self._remote or time.monotonic() < self._fetched + _FETCH_SECONDS:
            return
        self._fetched = time.monotonic()
        with contextlib.suppress(RefusalError), self._saving:
            self.take_in()

    # Review.

    def _propose(self, worker: Worker, draft: Draft) -> Saved:
        proposal, blobs = self.proposals.propose(draft, worker.author)
        self._moved()
        note = N_("This waits to be released by somebody who answers for the branch.")
        notes = (self.text().gettext(note), *draft.notes)
        return Saved(proposal.commit, self._time(), draft.files_of(blobs), notes, draft.address, True)

    def release(self, worker: Worker, name: str) -> Saved:
        """Publishes a proposal: a commit in its author's name, brought in by the one who releases it. Raises RefusalError."""
        with self._saving:
            for _ in range(_TRIES):
                proposal = self._proposal(worker, name)
                head = self.copy.head()
                ours = self.copy.changed(proposal.base, head)
                if any(path in ours for path in proposal.paths):
                    message = N_(
                        "Meanwhile somebody else changed the same text. Give it back, so that the author can look at both."
                    )
                    raise RefusalError(HTTPStatus.CONFLICT, message)
                changes = self.proposals.changes(proposal)
                message = f"{proposal.title}\n\nReleased-by: {worker.author.name} <{worker.author.email}>\n"
                made = self.copy.make([head], changes, proposal.author, worker.author, message)
                try:
                    self._publish(head, made)
                except MovedError:
                    self.take_in()
                    continue
                self.proposals.remove(proposal)
                self._moved()
                return Saved(made, self._time())
            raise RefusalError(HTTPStatus.CONFLICT, BUSY)

    def give_back(self, worker: Worker, name: str, remark: str) -> None:
        """Gives a proposal back to its author with a remark. Raises RefusalError."""
        with self._saving:
            proposal = self._proposal(worker, name)
            if not remark.strip():
                raise RefusalError(
                    HTTPStatus.UNPROCESSABLE_ENTITY, N_("Say what has to be changed; the author reads it.")
                )
            self.proposals.give_back(proposal, worker.author, remark.strip()[:2000])

    def withdraw(self, worker: Worker, name: str) -> None:
        """Takes one's own proposal away. Raises RefusalError."""
        with self._saving:
            proposal = self.proposals.find(name)
            if proposal is None or proposal.author.name != worker.author.name:
                raise RefusalError(HTTPStatus.NOT_FOUND, GONE)
            self.proposals.remove(proposal)
            self._moved()

    def _proposal(self, worker: Worker, name: str) -> Proposal:
        proposal = self.proposals.find(name)
        if proposal is None or not self.may_see(worker, proposal):
            raise RefusalError(HTTPStatus.NOT_FOUND, GONE)
        if not self.may_release(worker, proposal):
            message = N_("Only somebody who owns the branch, and did not write the text, can release it.")
            raise RefusalError(HTTPStatus.FORBIDDEN, message)
        return proposal

    def may_see(self, worker: Worker, proposal: Proposal) -> bool:
        """Tells whether somebody sees a proposal at all."""
        own = proposal.author.name == worker.author.name
        return own or worker.everything or all(self.may_write(worker, path) for path in proposal.paths)


def _writes_for(rights: Rights, worker: Worker, slug: str) -> bool:
    if slug == HUB:
        return worker.everything or rights.is_admin(worker.person)
    if not slug or not rights.has_branch(slug):
        return False
    granted = worker.everything or slug in worker.branches or rights.is_admin(worker.person)
    return granted or worker.person.is_one_of(rights.owners_of(slug))


BUSY = N_("Too many people are saving at once; try again in a moment.")
NOT_YOURS = N_("You may not change {path}.")
GONE = N_("This proposal is no longer there.")
UNREACHABLE = N_("{remote} cannot be reached just now, so nothing was saved. Keep this page open and save again later.")
