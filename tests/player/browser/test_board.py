"""The equations of the beat stand beside it, to be read, selected and copied."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.player.browser.conftest import PHONE, Open


def test_the_equations_of_the_beat_stand_beside_it_with_their_numbers(open_page: Open) -> None:
    tab = open_page("#First/green")
    assert tab.locator(".equation").count() == 1
    assert tab.locator(".equation math").count() == 2
    assert "0.0822" in tab.locator(".equation .numbers").inner_text()
    tab.keyboard.press("ArrowRight")
    assert tab.locator(".equation").count() == 2
    assert tab.locator(".equation p math").text_content() == "L=3"
    tab.keyboard.press("ArrowRight")
    expect(tab.locator("#equations")).to_have_text("No equation stands on the board at the end of this step.")


def test_a_formula_can_be_selected_and_copied_as_latex_and_as_mathml(open_page: Open) -> None:
    tab = open_page("#First/green")
    tab.get_by_role("button", name="Copy LaTeX").click()
    expect(tab.locator("#said")).to_have_text("Copied")
    latex = tab.evaluate("navigator.clipboard.readText()")
    assert latex.startswith(r"\frac{\partial E}{\partial w_{11}^{(3)}} = ")
    tab.get_by_role("button", name="Copy MathML").click()
    tab.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('<math'))")
    assert "class=" not in tab.evaluate("navigator.clipboard.readText()")
    tab.locator(".formula").first.select_text()
    assert "∂" in tab.evaluate("getSelection().toString()")


def test_a_long_formula_scrolls_in_its_place_by_keyboard_too(open_page: Open) -> None:
    tab = open_page("#First/blue", size=PHONE)
    formula = tab.locator(".formula").first
    assert formula.get_attribute("tabindex") == "0"
    assert "frac" in (formula.get_attribute("aria-label") or "")
    assert formula.evaluate("box => box.scrollWidth > box.clientWidth")


def test_formulas_have_the_colours_of_the_stage(open_page: Open) -> None:
    tab = open_page("#First/green", theme="dark")
    colour = tab.locator(".formula .target").first.evaluate("term => getComputedStyle(term).color")
    assert colour == "rgb(240, 228, 66)"
