// Every text a module shows. The page brings them translated in <template id="g-texts" data-texts="{...}">
// (templates/parts/texts.html lists the same keys); the English ones here stand in when it does not.
export const TEXT_KEYS = {
  add: "Add", add_new: "Create “{name}”", cancel: "Cancel", choose_day: "Choose a day", clear: "Clear", close: "Close",
  confirm: "Go on", copied: "Copied", dark: "Dark theme", light: "Light theme", auto: "Theme of the device",
  failed: "The server could not do this. Nothing was changed; please try again.",
  forbidden: "You may not do this.", gone: "This record is no longer there.",
  late_order: "This record has changed meanwhile. The page shows the newest state now.",
  loading: "Loading…", move_to: "Move to", moved: "Moved to {name}", next_month: "Next month", no_hits: "Nothing found",
  not_saved: "Not saved yet", offline: "No connection to the server. What you typed is kept; please try again.",
  previous_month: "Previous month", remove: "Remove", saved: "Saved", saving: "Saving…", selected: "{count} selected",
  show: "Show the password", hide: "Hide the password", stages: "Stages", strength_1: "Weak", strength_2: "Fair", strength_3: "Good",
  strength_4: "Strong", time: "Time", today: "Today", too_large: "The file is too large.", type_to_search: "Type to search…",
  undo: "Undo", open_menu: "Menu",
  // the names Trix has for the buttons of its toolbar
  rich_bold: "Bold", rich_italic: "Italic", rich_strike: "Strikethrough", rich_link: "Link",
  rich_unlink: "Remove the link", rich_heading1: "Heading", rich_quote: "Quote", rich_code: "Fixed-width text",
  rich_bullets: "Bulleted list", rich_numbers: "Numbered list", rich_indent: "Increase the indent", rich_outdent: "Decrease the indent",
  rich_undo: "Undo", rich_redo: "Do again", rich_url: "Web address", rich_urlPlaceholder: "Write a web address…",
};

let known = null;

function load() {
  const holder = document.getElementById("g-texts");
  known = { ...TEXT_KEYS };
  if (holder?.dataset.texts) Object.assign(known, JSON.parse(holder.dataset.texts));
}

/** The text of a key in the reader's language, with {name} replaced. */
export function text(key, values = {}) {
  if (!known) load();
  return (known[key] ?? key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}
