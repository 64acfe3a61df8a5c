// Buttons that copy a text: data-copy names the element that holds it.
import { say } from "./dialogs.js";

export function copyButtons(part) {
    for (const button of part.querySelectorAll("button[data-copy]")) {
        button.hidden = false;
        button.addEventListener("click", () => copy(button));
    }
}

async function copy(button) {
    const source = document.getElementById(button.dataset.copy);
    const text = source.value ?? source.textContent;
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        getSelection().selectAllChildren(source);
        return say("Copying is not allowed here. The text is selected: press Ctrl+C.");
    }
    const label = button.querySelector("[data-label]") ?? button;
    const before = label.textContent;
    label.textContent = "Copied";
    say("Copied");
    button.dispatchEvent(new CustomEvent("taken", { bubbles: true }));
    setTimeout(() => (label.textContent = before), 2000);
}
