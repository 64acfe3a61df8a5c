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
        await navigator.clipboard.writeText(text.trim());
    } catch {
        getSelection().selectAllChildren(source);
        const label = button.querySelector("[data-label]");
        if (label) label.textContent = "Press Ctrl+C";
        return say("Copying is not allowed here. The text is selected: press Control and C.");
    }
    say("Copied");
    button.dispatchEvent(new CustomEvent("taken", { bubbles: true }));
    button.classList.add("done");
    const label = button.querySelector("[data-label]");
    const before = label?.textContent;
    if (label) label.textContent = "Copied";
    setTimeout(() => {
        button.classList.remove("done");
        if (label) label.textContent = before;
    }, 2000);
}
