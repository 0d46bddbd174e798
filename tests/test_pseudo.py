"""The language that nobody speaks finds what is not translated, and takes what is."""

import pytest

from tests.pseudo import Catalogue, odd, untranslated


@pytest.mark.parametrize(
    "page",
    [
        "<p>⟦Ŵååļķ⟧</p>",
        "<p>⟦٣ ööƒ ٥⟧ · <bdi>散歩</bdi> · ٣ · +‹12 مارس›</p>",
        "<p>⟦⟦Ýööûûŕ þééţ⟧, <a href='/pet'>散歩</a>⟧</p>",
        "<p>⟦Ŵŕîîţéé îîţ ļîîķéé 2026-03-10⟧</p><kbd>j</kbd><script>let a</script>",
        "<select name='timezone'><option>Europe/Berlin</option></select><p>⟦Ŵååļķ⟧</p>",
        "<button data-hop='yes' class='big one'>⟦Ŵååļķ⟧</button>",
    ],
)
def test_a_page_that_is_translated_is_taken(page: str):
    assert untranslated(page) == []


@pytest.mark.parametrize(
    "page",
    [
        "<p>Walk</p>",
        "<p>⟦Ŵååļķ Body⟧</p>",
        "<p>⟦Ŵååļķ 3⟧</p>",
        "<p>3</p>",
        "<p>⟦Ŵååļķ⟧, ⟦ŕûûñ⟧</p>",
        "<p>⟦Ŵååļķ⟧: <a>散歩</a></p>",
        "<p>⟦Ŵååļķ</p>",
        "<select name='timezone'><option>UTC</option></select><p>Walk</p>",
        "<p aria-label='Walk'>⟦Ŵååļķ⟧</p>",
        "<input name='a' placeholder='Walk'>",
        "<optgroup label='Walk'>",
        "<meta name='description' content='Walk'>",
        "<div data-lost='No answer came.'></div>",
        "<svg><title>Walk</title></svg>",
    ],
)
def test_what_is_not_translated_is_found(page: str):
    assert len(untranslated(page)) == 1


def test_a_sentence_that_translators_do_not_have_stays_english():
    catalogue = Catalogue()
    assert catalogue.gettext("Saved.") == "⟦Šååṽééð.⟧"
    assert catalogue.gettext("Stored.") == "Stored."
    forms = ("%(num)s habit", "%(num)s habits")
    assert [catalogue.ngettext(*forms, n) for n in (1, 2)] == [
        "⟦%(num)s ĥååƀîîţ⟧",
        "⟦%(num)s ĥååƀîîţš⟧",
    ]
    assert catalogue.ngettext("%(num)s habit", "habits", 2) == "habits"


def test_the_language_is_longer_than_english():
    sentences = [s for s in Catalogue().sentences if len(s) > 20]
    assert 1.3 < sum(len(odd(s)) for s in sentences) / sum(map(len, sentences)) < 1.5
