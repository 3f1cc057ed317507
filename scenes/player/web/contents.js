// The list of films, their lessons, and the beats of the lesson that is on.

class Contents {
  constructor(place, go) {
    this.place = place;
    this.go = go;
  }

  draw() {
    const films = [...new Set(data.lessons.map((lesson) => lesson.film))];
    this.links = new Map();
    this.place.replaceChildren(
      ...films.map((film) => {
        const lessons = data.lessons.filter((lesson) => lesson.film === film);
        const list = element("ol", { className: "lessons" }, ...lessons.map((lesson) => this.lesson(lesson)));
        return element("section", { className: "film" }, element("h3", {}, filmTitle(film)), list);
      }),
    );
    this.shown = null;
  }

  lesson(lesson) {
    const link = element(
      "a",
      { href: `#${lesson.name}`, className: "lesson" },
      element("span", { className: "name" }, lesson.title[language]),
      element("span", { className: "quiet" }, lesson.step[language]),
      element("span", { className: "length" }, clock(lesson.duration)),
    );
    link.addEventListener("click", (event) => this.follow(event, lesson, 0));
    const item = element("li", {}, link);
    this.links.set(lesson, { link, item });
    return item;
  }

  beats(lesson) {
    const items = lesson.beats.flatMap((beat, index) => {
      const link = element(
        "a",
        { href: beat.address, className: "beat" },
        element("span", { className: "number", "aria-hidden": "true" }, String(index + 1)),
        element("span", { className: "words" }, beat.captions[language]),
      );
      link.addEventListener("click", (event) => this.follow(event, lesson, index));
      const chapter = beat.chapter?.[language];
      const opens = chapter && chapter !== lesson.beats[index - 1]?.chapter?.[language];
      const item = element("li", {}, link);
      return opens ? [element("li", { className: "chapter" }, chapter), item] : [item];
    });
    return element("ol", { className: "beats" }, ...items);
  }

  // A click of the middle button, or with a key held, is the browser's: a new tab.
  follow(event, lesson, index) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    this.go(lesson, index);
  }

  mark(lesson, index) {
    if (this.shown?.lesson !== lesson) this.open(lesson);
    if (this.shown.index === index) return;
    this.shown.index = index;
    const links = [...this.shown.list.querySelectorAll("a")];
    links.forEach((link, number) => {
      if (number === index) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
      link.classList.toggle("past", number < index);
    });
    this.reveal();
  }

  open(lesson) {
    if (this.shown) {
      this.shown.list.remove();
      this.links.get(this.shown.lesson).link.removeAttribute("aria-current");
    }
    const { link, item } = this.links.get(lesson);
    link.setAttribute("aria-current", "true");
    const list = this.beats(lesson);
    item.append(list);
    this.shown = { lesson, list, index: -1 };
  }

  // Scroll the list, and never the page.
  reveal() {
    const box = this.place;
    const link = box.querySelector("[aria-current=step]");
    if (!link) return;
    const [outer, inner] = [box.getBoundingClientRect(), link.getBoundingClientRect()];
    if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top + 40;
    else if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom + 40;
  }
}
