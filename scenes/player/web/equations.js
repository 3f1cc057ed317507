// The equations that stand on the board at the end of a beat, to be read, selected and copied.

const SMALLEST = 0.68;

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
    this.fit();
  }

  item(equation) {
    const parts = [this.formula(equation.mathml)];
    if (equation.numbers) {
      const said = element("p", { className: "quiet" }, word("numbers"));
      if (equation.layer) said.append(", ", layerFormula(equation.layer));
      parts.push(said, this.formula(equation.numbers, "numbers"));
    }
    return element("li", { className: "equation" }, ...parts, this.copies(equation));
  }

  formula(mathml, kind = "") {
    const box = element("div", { className: `formula ${kind}` });
    box.innerHTML = mathml; // checked when the page was written
    return box;
  }

  // What is too wide is set smaller, down to a size that can be read; what is wider still scrolls.
  fit() {
    const boxes = [...this.list.querySelectorAll(".formula")];
    for (const box of boxes) box.style.removeProperty("--fit");
    const shares = boxes.map((box) => box.clientWidth / box.firstChild.getBoundingClientRect().width);
    boxes.forEach((box, number) => {
      box.style.setProperty("--fit", Math.max(SMALLEST, Math.min(1, 0.99 * shares[number])));
      this.scrollable(box, shares[number] < SMALLEST);
    });
  }

  // What scrolls must be reached by the keyboard.
  scrollable(box, scrolls) {
    const math = box.firstChild;
    for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    if (!scrolls) return;
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", word("equation", { text: math.getAttribute("alttext") }));
  }

  copies(equation) {
    const button = (key, text) => {
      const made = element("button", { type: "button" }, word(key));
      made.addEventListener("click", () => this.copy(made, key, text));
      return made;
    };
    const buttons = [button("copy_latex", equation.latex), button("copy_mathml", plain(equation.mathml))];
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

// Colours are the page's: what is copied has none.
const plain = (mathml) => mathml.replace(/ class="[^"]*"/g, "");

// The layer that a letter stands for, "l = 3", as mathematics.
function layerFormula(text) {
  const made = (tag, ...children) => {
    const inner = document.createElementNS("http://www.w3.org/1998/Math/MathML", tag);
    inner.append(...children);
    return inner;
  };
  const [letter, layer, ...more] = text.split(" = ");
  if (more.length) return text;
  return made("math", made("mi", letter), made("mo", "="), made("mn", layer));
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
