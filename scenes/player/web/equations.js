// The equations that stand on the board at the end of a beat, to be read, selected and copied.

class Equations {
  constructor(list, say) {
    this.list = list;
    this.say = say;
    this.shown = null;
  }

  show(beat) {
    const key = `${language} ${beat.address}`;
    if (this.shown === key) return;
    this.shown = key;
    const empty = element("li", { className: "quiet empty" }, word("board_empty"));
    const items = beat.equations.length ? beat.equations.map((equation) => this.item(equation)) : [empty];
    this.list.replaceChildren(...items);
    for (const box of this.list.querySelectorAll(".formula")) this.scrollable(box);
  }

  item(equation) {
    const parts = [this.formula(equation.mathml)];
    if (equation.numbers) {
      const values = { layer: equation.layer };
      const said = word(equation.layer ? "numbers_layer" : "numbers", values);
      parts.push(element("p", { className: "quiet" }, said), this.formula(equation.numbers, "numbers"));
    }
    return element("li", { className: "equation" }, ...parts, this.copies(equation));
  }

  formula(mathml, kind = "") {
    const box = element("div", { className: `formula ${kind}` });
    box.innerHTML = mathml; // checked when the page was written
    return box;
  }

  // What is too wide scrolls; and what scrolls must be reached by the keyboard.
  scrollable(box) {
    if (box.scrollWidth <= box.clientWidth + 1) return;
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", word("equation", { text: box.firstChild.getAttribute("alttext") }));
  }

  copies(equation) {
    const button = (key, text) => {
      const made = element("button", { type: "button" }, word(key));
      made.addEventListener("click", () => this.copy(made, key, text));
      return made;
    };
    const buttons = [button("copy_latex", equation.latex), button("copy_mathml", equation.mathml)];
    return element("div", { className: "copies" }, ...buttons);
  }

  async copy(button, key, text) {
    const done = await copied(text);
    this.say(word(done ? "copied" : "not_copied"));
    if (!done) return;
    button.textContent = word("copied");
    button.classList.add("done");
    setTimeout(() => {
      button.textContent = word(key);
      button.classList.remove("done");
    }, 1500);
  }
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedByHand(text);
  }
}

function copiedByHand(text) {
  const before = document.activeElement;
  const area = element("textarea", { value: text, className: "hidden" });
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus();
  return done;
}
