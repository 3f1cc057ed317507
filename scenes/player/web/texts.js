// The data of the page, its words, and what it remembers from one visit to the next.

const data = JSON.parse(document.getElementById("data").textContent);
const find = (id) => document.getElementById(id);
const LANGUAGES = { en: "English", zh: "中文" };
const SHORT = { en: "EN", zh: "中文" };

// A page from file:// may be denied its storage: then nothing is remembered.
const remembered = {
  get(key, fallback) {
    try {
      return localStorage.getItem(`backprop-${key}`) ?? fallback;
    } catch {
      return fallback;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(`backprop-${key}`, value);
    } catch {
      // as said
    }
  },
};

const oneOf = (value, accepted, fallback) => (accepted.includes(value) ? value : fallback);

let language = oneOf(remembered.get("language", data.language), Object.keys(LANGUAGES), data.language);

function word(key, values = {}) {
  const sentence = data.texts[language].ui[key];
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

const filmTitle = (film) => data.texts[language].films[film] ?? film;

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// Name a button: for the pointer and for those who hear it.
function label(control, text) {
  control.setAttribute("aria-label", text);
  control.title = text;
}

function icon(control, name) {
  control.querySelector("use").setAttribute("href", `#icon-${name}`);
}

function clock(seconds) {
  const whole = Math.floor(seconds + 0.05);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

// Beats of one name, in one lesson, are told apart by a number, so that each has an address.
for (const lesson of data.lessons) {
  const seen = new Map();
  for (const beat of lesson.beats) {
    const times = (seen.get(beat.name) ?? 0) + 1;
    seen.set(beat.name, times);
    beat.address = `#${lesson.name}/${encodeURIComponent(times > 1 ? `${beat.name}-${times}` : beat.name)}`;
  }
}
