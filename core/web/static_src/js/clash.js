// The choice between two versions: all mine, all theirs, or each by itself.

export default function attach(form) {
  form.addEventListener("click", (event) => {
    const side = event.target.closest("[data-choose]")?.dataset.choose;
    if (!side) return;
    for (const radio of form.querySelectorAll(`input[type=radio][value="${side}"]`)) radio.checked = true;
  });
}
