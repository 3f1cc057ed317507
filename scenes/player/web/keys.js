// The keyboard: each key does what a control does.

class Keys {
  constructor(dialog, actions) {
    this.dialog = dialog;
    this.actions = actions;
    this.on = remembered.get("keys", "on") === "on";
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || this.dialog.open) return;
    if (!this.on && event.key !== "?") return;
    if (this.isTheirs(event)) return;
    const action = this.action(event);
    if (!action) return;
    event.preventDefault();
    action();
  }

  // What has the focus may want the key for itself.
  isTheirs({ key, target }) {
    if (!(target instanceof Element)) return false;
    if (target.closest("select, textarea, input[type=range]")) return true;
    if (target.closest(".formula[tabindex]") && key.startsWith("Arrow")) return true;
    return (key === " " || key === "Enter") && target.closest("button, input, summary") !== null;
  }

  action({ key, shiftKey }) {
    const does = this.actions;
    if (/^[1-9]$/.test(key)) return () => does.beat(Number(key) - 1);
    const keys = {
      " ": does.toggle,
      k: does.toggle,
      ArrowLeft: () => (shiftKey ? does.skip(-2) : does.step(-1)),
      ArrowRight: () => (shiftKey ? does.skip(2) : does.step(1)),
      PageDown: () => does.present(1),
      PageUp: () => does.present(-1),
      Home: () => does.beat(0),
      End: () => does.beat(Infinity),
      "[": () => does.faster(-1),
      "]": () => does.faster(1),
      n: () => does.lesson(shiftKey ? -1 : 1),
      b: does.stop,
      c: does.captions,
      t: does.theme,
      f: does.fullscreen,
      "?": does.help,
    };
    return keys[key.length === 1 ? key.toLowerCase() : key];
  }

  draw(list) {
    const names = {
      space: ["Space", "K"],
      arrows: ["←", "→"],
      shift_arrows: ["Shift ←", "Shift →"],
      page: ["Page ↓", "Page ↑"],
      home: ["Home", "End"],
      digits: ["1 … 9"],
      lesson: ["N"],
      brackets: ["[", "]"],
    };
    const rows = Object.entries(data.texts[language].keys).flatMap(([name, meaning]) => {
      const keys = names[name] ?? [name === "question" ? "?" : name.toUpperCase()];
      return [element("dt", {}, ...keys.map((key) => element("kbd", {}, key))), element("dd", {}, meaning)];
    });
    list.replaceChildren(...rows);
  }
}
