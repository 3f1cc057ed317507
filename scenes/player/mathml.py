"""The MathML of records as it may stand in a page: mathematics, and nothing else."""

from __future__ import annotations

from xml.etree import ElementTree

from scenes.stage.theme import Role

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
ELEMENTS = frozenset(
    (
        *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mstyle", "mpadded", "mphantom"),
        *("mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover"),
        *("mtable", "mtr", "mtd"),
    )
)
ATTRIBUTES = frozenset(
    (
        *("display", "alttext", "displaystyle", "mathvariant", "stretchy", "fence", "form", "style"),
        *("class", "lspace", "rspace", "columnalign", "rowspacing", "columnspacing", "linethickness"),
    )
)
ACCEPTED = {
    "style": frozenset({"text-align: right", "text-align: left", "text-align: center"}),
    "class": frozenset(role.value.replace(" ", "-") for role in Role),
}


def checked(mathml: str) -> str:
    """Return MathML that may be put into a page, written anew.

    Raises ValueError for what is not well-formed, and for elements and attributes that are no mathematics.
    """
    try:
        math = ElementTree.fromstring(mathml)
    except ElementTree.ParseError as error:
        raise ValueError(f"an equation is not well-formed MathML ({error})") from None
    for element in math.iter():
        _check(element)
    if math.tag != "math":
        raise ValueError(f"an equation begins with <{math.tag}>, but it must begin with <math>")
    math.set("xmlns", NAMESPACE)
    return ElementTree.tostring(math, encoding="unicode", short_empty_elements=False)


def _check(element: ElementTree.Element) -> None:
    element.tag = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    if element.tag not in ELEMENTS:
        raise ValueError(f"an equation has <{element.tag}>, which is no mathematics")
    for name, value in element.attrib.items():
        if name not in ATTRIBUTES or value not in ACCEPTED.get(name, (value,)):
            raise ValueError(f"an equation has the attribute {name}={value!r}, which is no mathematics")
