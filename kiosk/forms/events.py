"""The forms of family events: of each kind what happened, of all of them when and by which document.

Where somebody becomes head, what the others are to the new head is asked on the page that is checked before sending:
a suggestion stands there to be corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import DateField, Field, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from kiosk import words
from kiosk.forms.free_text import no_number
from kiosk.words.events import KINDS
from registry.errors import IdentifierError
from registry.events.heads import suggest_relations
from registry.events.planning import living
from registry.events.statements import (
    Birth,
    Death,
    FamilyLeaves,
    FamilyReturns,
    Headship,
    Home,
    Merge,
    NewHead,
    NumberChanged,
    PersonJoins,
    PersonLeaves,
    Split,
    Statement,
)
from registry.families.drafts import PersonDraft
from registry.families.families import head_of
from registry.identifiers import FamilyNumber, Nik
from registry.kinds import FamilyEventKind, FamilyState, Relation, Sex
from registry.models import Family, Person, Region

_OTHER_DOCUMENT = "Dokumen lain"
_WHOLE = "family"
_NOBODY = ""
_DIGITS = {"autocomplete": "off", "spellcheck": "false", "inputmode": "numeric"}
_MEMBER_RELATIONS = [
    SelectChoice(relation.value, words.label(relation)) for relation in Relation if relation is not Relation.HEAD
]
_CHOSEN = "Pilih orangnya."
_PROVES = ("happened_on", "document", "document_number")


@dataclass(frozen=True)
class EventScene:
    """What a form is made for: the family, where its officers may put it, and who is looked up by a number."""

    family: Family
    villages: Sequence[Region]
    """Those of the family's own kecamatan."""
    today: date
    find: Callable[[FamilyNumber], Family | None] = field(default=lambda _number: None)
    """Returns the family of an area with this Nomor KK."""


def is_nik(_form: FlaskForm, field: StringField) -> None:
    """Ask for sixteen digits of a NIK."""
    _parse(Nik.parse, field)


def is_family_number(_form: FlaskForm, field: StringField) -> None:
    """Ask for sixteen digits of a Nomor KK."""
    _parse(FamilyNumber.parse, field)


def somebody_stays(_form: FlaskForm, field: SelectMultipleField) -> None:
    """Ask for one person at least who is not chosen."""
    if len(field.data or ()) == len(field.choices or ()):
        raise ValidationError("Paling sedikit satu orang harus tinggal; bila semua ikut, catat Nomor KK berganti.")


def _parse(parse: Callable[[str], object], field: StringField) -> None:
    try:
        parse(field.data or "")
    except IdentifierError as error:
        raise ValidationError(words.of(error.code, **error.detail).explanation) from None


class EventForm(FlaskForm):
    """What every event is asked; each kind adds its own fields before these."""

    happened_on = DateField("Tanggal kejadian", [InputRequired("Isi tanggal kejadiannya.")])
    document = SelectField("Dokumen yang dilihat", [DataRequired("Pilih dokumennya.")])
    document_number = StringField(
        "Nomor dokumen",
        [
            DataRequired("Isi nomor yang tertulis pada dokumen."),
            Length(max=70, message="Paling panjang 70 karakter."),
            no_number,
        ],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    confirmed = HiddenField()
    edit = HiddenField()
    chosen = HiddenField()
    choose = HiddenField()

    asked_before: tuple[str, ...] = ()
    """The fields of the kind that are asked on a page of their own, because they narrow what the others offer."""
    asked_first: tuple[str, ...] = ()
    """The other fields of the kind, in their order."""
    going: Sequence[str] = ()
    """The names of those who leave, where that was asked before."""

    def prepare(self, scene: EventScene, kind: FamilyEventKind) -> None:
        """Offer what can be chosen for this family."""
        self.scene = scene
        self.asked: list[SelectField] = []
        """What the others are to a new head; known once a statement was made."""
        documents = (*KINDS[kind].documents, _OTHER_DOCUMENT)
        self.document.choices = [SelectChoice(one, one) for one in documents]
        self.happened_on.render_kw = {"max": scene.today.isoformat()}
        if self.document_number.data:
            self.document_number.data = self.document_number.data.strip()
        self.offer(living(scene.family))

    def offer(self, people: Sequence[Person]) -> None:
        """Offer the family's people in the fields of the kind."""

    @property
    def is_confirmed(self) -> bool:
        """Tell whether the officer has checked what will be proposed."""
        return bool(self.confirmed.data)

    @property
    def is_edited(self) -> bool:
        """Tell whether the officer goes back from checking to the fields, or from these to what is asked before."""
        return bool(self.edit.data or self.choose.data)

    @property
    def is_chosen(self) -> bool:
        """Tell whether the officer comes from the page that is asked before the others."""
        return bool(self.chosen.data)

    @property
    def is_choosing(self) -> bool:
        """Tell whether what narrows the other fields is to be asked first, or again."""
        before = [self[name] for name in self.asked_before]
        return any(self.choose.data or one.errors or not one.data for one in before)

    @property
    def own_fields(self) -> list[Field]:
        """Return the fields of the kind that are asked on this page."""
        return [self[name] for name in (self.asked_before if self.is_choosing else self.asked_first)]

    @property
    def proving_fields(self) -> list[Field]:
        """Return the fields of when and by which document, where this page asks for them."""
        return [] if self.is_choosing else [self[name] for name in _PROVES]

    @property
    def carried(self) -> list[Field]:
        """Return the fields that are not asked on this page, for it to send them again."""
        return [self[name] for name in ((*self.asked_first, *_PROVES) if self.is_choosing else self.asked_before)]

    @property
    def filled(self) -> list[Field]:
        """Return every field that was filled in, for the page where it is checked to send it again."""
        return [self[name] for name in (*self.asked_before, *self.asked_first, *_PROVES)]

    def validate_choice(self) -> bool:
        """Check what is asked before the others, and only that."""
        return all(self[name].validate(self) for name in self.asked_before)

    @property
    def evidence(self) -> str:
        """Return the document and its number."""
        name = "" if self.document.data == _OTHER_DOCUMENT else f"{self.document.data} "
        return f"{name}{self.document_number.data}"

    def validate_happened_on(self, field: DateField) -> None:
        """What has not happened is not recorded."""
        if field.data and field.data > self.scene.today:
            raise ValidationError(words.of("event_in_future").explanation)

    def statement(self) -> Statement:
        """Return what is stated; only of a form that is valid."""
        # each kind of event states something of its own; WTForms' metaclass and ABC's do not go together
        raise NotImplementedError

    def headship(self, head_id: UUID, people: Iterable[Person]) -> Headship:
        """Return who is head of these people, asking on the next page what the others are to the head."""
        there = {person.id: person for person in people}
        return Headship(head_id, self.relate(suggest_relations(there[head_id], there.values())))

    def relate(self, suggested: Mapping[UUID, Relation]) -> dict[UUID, Relation]:
        """Return these relations as the officer has corrected them."""
        for person_id, relation in suggested.items():
            field = cast(SelectField, self[f"relation_{person_id}"])
            field.data = field.data or relation.value
            self.asked.append(field)
        return {person_id: Relation(self[f"relation_{person_id}"].data) for person_id in suggested}


class _LossForm(EventForm):
    """Somebody is lost to the family; of a head also who follows."""

    new_head = RadioField("Kepala keluarga pengganti", default=_NOBODY)

    def offer_successors(self, people: Sequence[Person], *, of: str) -> None:
        """Offer who may follow the head; the question is left out where it cannot arise."""
        head = head_of(self.scene.family)
        if head is None or len(people) == 1:
            del self.new_head
            self.asked_first = tuple(name for name in self.asked_first if name != "new_head")
            return
        self.new_head.label.text = f"Pengganti, bila {head.name} yang {of}"
        self.new_head.choices = [
            SelectChoice(_NOBODY, "Belum ditetapkan, atau bukan kepala keluarga yang " + of),
            *_people([person for person in people if person.id != head.id]),
        ]

    def follow(self, person_id: UUID) -> Headship | None:
        """Return who follows when this person was head."""
        people = living(self.scene.family)
        head = head_of(self.scene.family)
        if head is None or head.id != person_id or "new_head" not in self or not self.new_head.data:
            return None
        return self.headship(UUID(self.new_head.data), [one for one in people if one.id != person_id])


class DeathForm(_LossForm):
    """Who has died."""

    person = RadioField("Siapa yang meninggal?", [InputRequired(_CHOSEN)])
    asked_first = ("person", "new_head")

    def offer(self, people: Sequence[Person]) -> None:
        """Offer the living."""
        self.happened_on.label.text = "Tanggal meninggal"
        self.person.choices = _people(people)
        self.offer_successors(people, of="meninggal")

    def statement(self) -> Statement:
        """Return the death."""
        person_id = UUID(self.person.data)
        return Death(person_id, self.follow(person_id))


class MoveOutForm(_LossForm):
    """Who has moved out."""

    person = RadioField("Siapa yang pindah keluar?", [InputRequired(_CHOSEN)])
    asked_first = ("person", "new_head")

    def offer(self, people: Sequence[Person]) -> None:
        """Offer the whole family, or one of several people."""
        self.happened_on.label.text = "Tanggal pindah"
        alone = _people(people) if len(people) > 1 else []
        self.person.choices = [SelectChoice(_WHOLE, "Seluruh keluarga"), *alone]
        self.offer_successors(people, of="pindah")

    def statement(self) -> Statement:
        """Return who left."""
        if self.person.data == _WHOLE:
            return FamilyLeaves()
        person_id = UUID(self.person.data)
        return PersonLeaves(person_id, self.follow(person_id))


class BirthForm(EventForm):
    """Who was born."""

    name = StringField(
        "Nama anak",
        [DataRequired("Isi namanya seperti pada akta."), Length(max=120, message="Paling panjang 120 karakter.")],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    nik = StringField("NIK anak", [InputRequired("Isi NIK-nya."), is_nik], render_kw=_DIGITS)
    sex = RadioField(
        "Jenis kelamin",
        [InputRequired("Pilih jenis kelaminnya.")],
        choices=[SelectChoice(sex.value, words.label(sex)) for sex in Sex],
    )
    relation = SelectField("Hubungan dengan kepala keluarga", choices=_MEMBER_RELATIONS, default=Relation.CHILD.value)
    asked_first = ("name", "nik", "sex", "relation")

    def offer(self, people: Sequence[Person]) -> None:  # noqa: ARG002 (nobody of the family is chosen)
        """Ask for the day of birth by its name."""
        self.happened_on.label.text = "Tanggal lahir"

    def validate_name(self, field: StringField) -> None:
        """A name has letters and no control sign, which PostgreSQL would not take."""
        name = " ".join((field.data or "").split())
        if not name.isprintable() or any(sign.isdecimal() for sign in name):
            raise ValidationError("Isi nama dengan huruf saja.")
        field.data = name

    def statement(self) -> Statement:
        """Return the birth."""
        return Birth(
            PersonDraft(
                nik=Nik.parse(self.nik.data or ""),
                name=self.name.data or "",
                relation=Relation(self.relation.data),
                sex=Sex(self.sex.data),
                birth_date=cast(date, self.happened_on.data),
            )
        )


class JoinForm(EventForm):
    """Who comes into the family."""

    nik = StringField("NIK orang yang masuk", [InputRequired("Isi NIK-nya."), is_nik], render_kw=_DIGITS)
    relation = SelectField(
        "Hubungan dengan kepala keluarga",
        choices=[SelectChoice("", "Pilih hubungannya"), *_MEMBER_RELATIONS],
        validators=[DataRequired("Pilih hubungannya menurut KK.")],
    )
    asked_first = ("nik", "relation")

    def offer(self, people: Sequence[Person]) -> None:  # noqa: ARG002 (who comes is not of the family)
        """Ask for the day of moving by its name."""
        self.happened_on.label.text = "Tanggal masuk"

    def statement(self) -> Statement:
        """Return who joins."""
        return PersonJoins(Nik.parse(self.nik.data or ""), Relation(self.relation.data))


class _HomeForm(EventForm):
    """Where a family lives from now on."""

    village = SelectField("Desa/kelurahan", [DataRequired("Pilih desanya.")])
    address = StringField("Alamat", [Length(max=200, message="Paling panjang 200 karakter."), no_number])
    rt = StringField("RT", [Length(max=3, message="Paling panjang 3 angka.")], render_kw={"inputmode": "numeric"})
    rw = StringField("RW", [Length(max=3, message="Paling panjang 3 angka.")], render_kw={"inputmode": "numeric"})

    def offer(self, people: Sequence[Person]) -> None:  # noqa: ARG002 (each kind offers its own)
        """Offer the villages around, and what is known of the address."""
        family = self.scene.family
        self.village.choices = [SelectChoice(one.code, one.name) for one in self.scene.villages]
        if not self.is_submitted():
            self.village.data, self.address.data = family.village_code, family.address
            self.rt.data, self.rw.data = family.rt, family.rw

    @property
    def home(self) -> Home:
        """Return where the family lives."""
        address, rt, rw = ((one.data or "").strip() for one in (self.address, self.rt, self.rw))
        return Home(self.village.data, address, rt, rw)


class ReturnForm(_HomeForm):
    """Where a family that had moved away lives now."""

    number = StringField("Nomor KK baru, bila berganti", render_kw=_DIGITS)
    asked_first = ("village", "address", "rt", "rw", "number")

    def offer(self, people: Sequence[Person]) -> None:
        """Ask for the day of coming back by its name."""
        super().offer(people)
        self.happened_on.label.text = "Tanggal kembali"

    def validate_number(self, field: StringField) -> None:
        """A number that is given has the form of one."""
        if (field.data or "").strip():
            is_family_number(self, field)

    def statement(self) -> Statement:
        """Return that the family is back."""
        number = (self.number.data or "").strip()
        return FamilyReturns(self.home, FamilyNumber.parse(number) if number else None)


class SplitForm(_HomeForm):
    """Who makes a family of their own, and who is head on both sides."""

    people = SelectMultipleField(
        "Siapa yang keluar dari KK ini?",
        [DataRequired("Pilih paling sedikit satu orang."), somebody_stays],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    head = RadioField(
        "Kepala keluarga yang baru dibentuk", [InputRequired("Pilih kepala keluarga barunya.")], validate_choice=False
    )
    left_head = RadioField(
        "Kepala bagi yang tinggal", [InputRequired(words.of("event_head_missing").explanation)], validate_choice=False
    )
    number = StringField(
        "Nomor KK keluarga baru", [InputRequired("Isi Nomor KK-nya."), is_family_number], render_kw=_DIGITS
    )
    asked_before = ("people",)
    asked_first: tuple[str, ...] = ("head", "left_head", "number", "village", "address", "rt", "rw")

    def offer(self, people: Sequence[Person]) -> None:
        """Offer the living; as head of either side those who are on it, the only one chosen already."""
        super().offer(people)
        self.happened_on.label.text = "Tanggal KK baru"
        self.people.choices = _people(people)
        going = set(self.people.data or ())
        self.head.choices = _people([person for person in people if str(person.id) in going])
        self.left_head.choices = _people([person for person in people if str(person.id) not in going])
        self.going = [person.name for person in people if str(person.id) in going]
        former = head_of(self.scene.family)
        if former is None or str(former.id) not in going:
            del self.left_head
            self.asked_first = tuple(name for name in self.asked_first if name != "left_head")
        for one in (self.head, self.left_head):
            if one and not one.data and len(one.choices) == 1:
                one.data = one.choices[0].value

    def validate_head(self, field: RadioField) -> None:
        """The new family's head is one of its people."""
        if field.data and not _is_offered(field):
            raise ValidationError("Kepala keluarga baru harus ikut keluar.")

    def validate_left_head(self, field: RadioField) -> None:
        """The head of those who stay is one of them."""
        if field.data and not _is_offered(field):
            raise ValidationError("Kepala bagi yang tinggal tidak boleh ikut keluar.")

    def statement(self) -> Statement:
        """Return the split."""
        going = {UUID(one) for one in self.people.data or ()}
        people = living(self.scene.family)
        left = None
        if "left_head" in self:
            left = self.headship(UUID(self.left_head.data), [one for one in people if one.id not in going])
        named = self.headship(UUID(self.head.data), [one for one in people if one.id in going])
        return Split(FamilyNumber.parse(self.number.data or ""), named, self.home, left)


class MergeForm(EventForm):
    """Into which family all go."""

    into = StringField(
        "Nomor KK tujuan", [InputRequired("Isi Nomor KK tujuannya."), is_family_number], render_kw=_DIGITS
    )
    asked_first = ("into",)

    def offer(self, people: Sequence[Person]) -> None:  # noqa: ARG002 (everybody goes)
        """Ask for the day of the new KK by its name."""
        self.happened_on.label.text = "Tanggal KK baru"

    def validate_into(self, field: StringField) -> None:
        """The family is one that this officer may see."""
        try:
            self.found = self.scene.find(FamilyNumber.parse(field.data or ""))
        except IdentifierError:
            return  # said already
        if self.found is None:
            raise ValidationError(words.of("family_unknown").explanation)

    def statement(self) -> Statement:
        """Return the merge."""
        people = living(self.scene.family)
        suggested = {
            person.id: person.relation if person.relation is Relation.HELPER else Relation.RELATIVE for person in people
        }
        return Merge(cast(Family, self.found).id, self.relate(suggested))


class NewHeadForm(EventForm):
    """Who is head from now on."""

    new_head = RadioField("Kepala keluarga sekarang", [InputRequired(_CHOSEN)])
    asked_first = ("new_head",)

    def offer(self, people: Sequence[Person]) -> None:
        """Offer all but the present head."""
        self.happened_on.label.text = "Tanggal KK baru"
        self.new_head.choices = _people([person for person in people if person.relation is not Relation.HEAD])

    def statement(self) -> Statement:
        """Return the new head."""
        return NewHead(self.headship(UUID(self.new_head.data), living(self.scene.family)))


class NumberForm(EventForm):
    """Which number the family has now."""

    number = StringField("Nomor KK baru", [InputRequired("Isi Nomor KK-nya."), is_family_number], render_kw=_DIGITS)
    asked_first = ("number",)

    def offer(self, people: Sequence[Person]) -> None:  # noqa: ARG002 (nobody is chosen)
        """Ask for the day of the new KK by its name."""
        self.happened_on.label.text = "Tanggal KK baru"

    def statement(self) -> Statement:
        """Return the new number."""
        return NumberChanged(FamilyNumber.parse(self.number.data or ""))


_FORMS: Mapping[FamilyEventKind, type[EventForm]] = {
    FamilyEventKind.DEATH: DeathForm,
    FamilyEventKind.BIRTH: BirthForm,
    FamilyEventKind.MOVE_OUT: MoveOutForm,
    FamilyEventKind.MOVE_IN: JoinForm,
    FamilyEventKind.SPLIT: SplitForm,
    FamilyEventKind.MERGE: MergeForm,
    FamilyEventKind.NEW_HEAD: NewHeadForm,
    FamilyEventKind.NUMBER_CHANGED: NumberForm,
}


def kinds_for(family: Family) -> list[FamilyEventKind]:
    """Return what can happen to a family as it is: one that moved away can come back, one that ended nothing."""
    match family.state:
        case FamilyState.ACTIVE:
            return list(FamilyEventKind)
        case FamilyState.MOVED:
            return [FamilyEventKind.MOVE_IN]
        case FamilyState.DISSOLVED:
            return []


def event_form(kind: FamilyEventKind, scene: EventScene, **rest: Any) -> EventForm:
    """Return the form of one kind of event for a family."""
    family = scene.family
    base = ReturnForm if family.state is FamilyState.MOVED else _FORMS[kind]

    class _Form(base):  # type: ignore[misc, valid-type]
        pass

    for person in living(family):
        question = SelectField(person.name, choices=[SelectChoice("", "–"), *_MEMBER_RELATIONS], default="")
        setattr(_Form, f"relation_{person.id}", question)
    form: EventForm = _Form(**rest)
    form.prepare(scene, kind)
    return form


class ApproveForm(FlaskForm):
    """A second person's yes."""

    note = StringField(
        "Catatan",
        [Length(max=200, message="Paling panjang 200 karakter."), no_number],
        render_kw={"autocomplete": "off"},
    )


class RejectForm(FlaskForm):
    """A second person's no, with what is to be put right."""

    reason = StringField(
        "Alasan penolakan",
        [
            DataRequired("Tulis alasannya, supaya pengusul tahu apa yang perlu dibetulkan."),
            Length(max=200, message="Paling panjang 200 karakter."),
            no_number,
        ],
        render_kw={"autocomplete": "off"},
    )


def _people(people: Iterable[Person]) -> list[SelectChoice]:
    return [
        SelectChoice(str(one.id), f"{one.name}, {words.label(one.relation)}, lahir {one.birth_date.year}")
        for one in people
    ]


def _is_offered(field: RadioField) -> bool:
    return field.data in {choice.value for choice in cast(list[SelectChoice], field.choices)}
