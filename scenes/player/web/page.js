// The page: what its controls do, and what it shows.

const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
const root = document.documentElement;
const video = find("video");
const playback = new Playback(video, () => show());
const captions = new Captions(video, find("caption"));
const contents = new Contents(find("contents"), (lesson, index) => go(lesson, index, { push: true }));
const equations = new Equations(find("equations"), say);
const shown = { lesson: null, address: null };
captions.chosen = oneOf(remembered.get("captions", language), ["off", ...Object.keys(LANGUAGES)], language);

function say(text) {
  find("said").textContent = text;
}

// -- where in the lessons -----------------------------------------------------------------------------

function go(lesson, index, { push = false, play = playback.playing } = {}) {
  const number = Math.max(0, Math.min(index, lesson.beats.length - 1));
  const { address } = lesson.beats[number];
  if (push && location.hash !== address) history.pushState(null, "", address);
  find("notice").hidden = true;
  playback.load(lesson, number, play);
}

function goToAddress() {
  const [name, beat] = location.hash.slice(1).split("/");
  const lesson = data.lessons.find((each) => each.name === name) ?? data.lessons[0];
  const index = lesson.beats.findIndex((each) => each.address === `#${name}/${beat}`);
  go(lesson, Math.max(0, index), { play: false });
}

const neighbour = (steps) => data.lessons[data.lessons.indexOf(playback.lesson) + steps];

function step(steps) {
  const { index, now, beats } = playback;
  // Back is to the start of this beat, and from there to the one before.
  const inside = steps < 0 && now - beats[index].start > 1 ? 0 : steps;
  const next = index + inside;
  if (next >= beats.length && neighbour(1)) go(neighbour(1), 0);
  else if (next < 0 && neighbour(-1)) go(neighbour(-1), Infinity);
  else go(playback.lesson, next);
}

function lesson(steps, play) {
  if (neighbour(steps)) go(neighbour(steps), 0, { push: true, play });
}

function toggle() {
  if (playback.playing) playback.pause();
  else if (!playback.finished) playback.play();
  else if (neighbour(1)) lesson(1, true);
  else go(playback.lesson, 0, { play: true });
}

// As with a clicker: each press plays to the end of a beat; while one plays, it goes to the next.
function present(steps) {
  if (steps > 0 && !playback.playing) toggle();
  else {
    step(steps);
    playback.play();
  }
}

// -- what is shown ------------------------------------------------------------------------------------

function show() {
  if (!playback.lesson) return;
  const { lesson: on, index, beats } = playback;
  const beat = beats[index];
  if (shown.lesson !== on) showLesson(on);
  captions.show(beat);
  showTime(index);
  showButtons();
  if (shown.address === beat.address) return;
  shown.address = beat.address;
  equations.show(beat);
  contents.mark(on, index);
  if (location.hash !== beat.address) history.replaceState(null, "", beat.address);
}

function showLesson(on) {
  shown.lesson = on;
  captions.load(on);
  find("heading").replaceChildren(on.title[language], " ", element("span", { className: "quiet" }, on.step[language]));
  find("cover-title").replaceChildren(on.title[language], element("span", {}, on.step[language]));
  label(find("cover"), word("play"));
  document.title = `${on.title[language]}: ${on.step[language]} – ${data.texts[language].page.title}`;
  find("theatre").dataset.filmTheme = on.theme;
  const parts = on.beats.map((beat) => element("i", { style: `flex-grow: ${beat.end - beat.start}` }));
  find("segments").replaceChildren(...parts);
  const next = neighbour(1);
  find("onward").hidden = !next;
  if (next) find("onward-name").textContent = `${next.title[language]} · ${next.step[language]}`;
  offerCaptions();
}

function showTime(index) {
  const { now, duration, beats } = playback;
  const all = clock(duration);
  find("time").textContent = `${clock(now)} / ${all}`;
  find("step").textContent = word("step_of", { step: index + 1, steps: beats.length });
  const seek = find("seek");
  seek.max = duration;
  seek.value = now;
  const position = { now: clock(now), all, step: index + 1, steps: beats.length };
  seek.setAttribute("aria-valuetext", word("position", position));
  [...find("segments").children].forEach((part, number) => {
    const { start, end } = beats[number];
    part.style.setProperty("--done", Math.max(0, Math.min(1, (now - start) / (end - start))));
    part.classList.toggle("on", number === index);
  });
}

function showButtons() {
  const { playing, finished, now } = playback;
  icon(find("play"), playing ? "pause" : "play");
  label(find("play"), word(playing ? "pause" : finished && neighbour(1) ? "next_lesson" : "play"));
  find("cover").hidden = playing || now > CLOSE;
  find("onward").classList.toggle("strong", finished);
}

// -- choices ------------------------------------------------------------------------------------------

function offerCaptions() {
  const name = (each) => (playback.lesson.burned === each ? word("captions_burned") : LANGUAGES[each]);
  const options = Object.keys(LANGUAGES).map((each) => element("option", { value: each }, name(each)));
  find("captions").replaceChildren(element("option", { value: "off" }, word("captions_off")), ...options);
  find("captions").value = captions.chosen;
}

function chooseCaptions(chosen) {
  captions.chosen = chosen;
  remembered.set("captions", chosen);
  find("captions").value = chosen;
  show();
}

function chooseLanguage(chosen) {
  const follow = captions.chosen === language;
  language = chosen;
  remembered.set("language", chosen);
  drawWords();
  Object.assign(shown, { lesson: null, address: null });
  if (follow) chooseCaptions(chosen);
  show();
}

function chooseSpeed(speed) {
  playback.rate = speed;
  remembered.set("speed", speed);
  find("speed").value = speed;
}

function faster(steps) {
  const index = SPEEDS.indexOf(Number(find("speed").value)) + steps;
  chooseSpeed(SPEEDS[Math.max(0, Math.min(index, SPEEDS.length - 1))]);
  say(`${word("speed")} ${find("speed").value}×`);
}

function chooseStop(on) {
  find("stop").checked = on;
  remembered.set("stop", on ? "on" : "off");
  playback.stopping(on);
}

const isDark = () =>
  (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

function chooseTheme(theme) {
  if (theme) {
    root.dataset.theme = theme;
    remembered.set("theme", theme);
  }
  const other = isDark() ? "light" : "dark";
  icon(find("theme"), other);
  label(find("theme"), word(other));
}

function fullscreen() {
  const theatre = find("theatre");
  if (document.fullscreenElement) document.exitFullscreen();
  else if (theatre.requestFullscreen) theatre.requestFullscreen();
  else video.webkitEnterFullscreen?.();
}

function drawWords() {
  root.lang = language;
  for (const each of document.querySelectorAll("[data-text]")) each.textContent = word(each.dataset.text);
  for (const each of document.querySelectorAll("[data-label]")) label(each, word(each.dataset.label));
  document.querySelector(".skip").textContent = data.texts[language].page.skip;
  find("stage").removeAttribute("title");
  find("controls").removeAttribute("title");
  find("seek").removeAttribute("title");
  contents.draw();
  keys.draw(find("keys-list"));
  chooseTheme();
}

// -- wiring -------------------------------------------------------------------------------------------

const actions = {
  toggle,
  step,
  present,
  lesson,
  faster,
  fullscreen,
  skip: (seconds) => playback.seek(playback.now + seconds),
  beat: (index) => index === Infinity || index < playback.beats.length ? go(playback.lesson, index) : undefined,
  stop: () => chooseStop(!find("stop").checked),
  captions: () => {
    const order = ["off", ...Object.keys(LANGUAGES)];
    chooseCaptions(order[(order.indexOf(captions.chosen) + 1) % order.length]);
  },
  theme: () => chooseTheme(isDark() ? "light" : "dark"),
  help: () => find("keys").showModal(),
};
const keys = new Keys(find("keys"), actions);

function wire() {
  const clicks = { play: toggle, cover: toggle, theme: actions.theme, help: actions.help, fullscreen };
  Object.assign(clicks, { previous: () => step(-1), next: () => step(1), onward: () => lesson(1, true) });
  for (const [id, action] of Object.entries(clicks)) find(id).addEventListener("click", () => action());
  video.addEventListener("click", toggle);
  find("seek").addEventListener("input", (event) => playback.seek(Number(event.target.value)));
  find("seek").addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!steps) return;
    event.preventDefault();
    playback.seek(playback.now + steps);
  });
  find("stop").addEventListener("change", (event) => chooseStop(event.target.checked));
  find("speed").addEventListener("change", (event) => chooseSpeed(Number(event.target.value)));
  find("captions").addEventListener("change", (event) => chooseCaptions(event.target.value));
  find("language").addEventListener("change", (event) => chooseLanguage(event.target.value));
  find("keys-on").addEventListener("change", (event) => {
    keys.on = event.target.checked;
    remembered.set("keys", keys.on ? "on" : "off");
  });
  document.addEventListener("fullscreenchange", () =>
    label(find("fullscreen"), word(document.fullscreenElement ? "fullscreen_leave" : "fullscreen")),
  );
  video.addEventListener("error", () => {
    const { lesson: on } = playback;
    find("notice").textContent = word("failed", { file: on.video.startsWith("#") ? on.name : on.video });
    find("notice").hidden = false;
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => chooseTheme());
  window.addEventListener("popstate", goToAddress);
  new ResizeObserver(() => equations.fit()).observe(find("equations"));
  new ResizeObserver(() => contents.reveal()).observe(find("contents"));
  new ResizeObserver(() => captions.refit()).observe(video);
  document.fonts?.ready.then(() => {
    equations.fit();
    captions.refit();
  });
}

function begin() {
  const theme = remembered.get("theme", "");
  const languages = Object.keys(LANGUAGES).map((value) => element("option", { value }, SHORT[value]));
  find("language").append(...languages);
  find("language").value = language;
  find("speed").append(...SPEEDS.map((speed) => element("option", { value: speed }, `${speed}×`)));
  find("keys-on").checked = keys.on;
  find("fullscreen").hidden = !(document.fullscreenEnabled || video.webkitEnterFullscreen);
  if (theme === "dark" || theme === "light") chooseTheme(theme);
  drawWords();
  wire();
  goToAddress();
  chooseSpeed(oneOf(Number(remembered.get("speed", 1)), SPEEDS, 1));
  chooseStop(remembered.get("stop", "on") === "on");
}

begin();
