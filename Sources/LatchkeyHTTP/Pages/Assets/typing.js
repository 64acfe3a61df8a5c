// While somebody types: what the server says of a name (data-comment), whom it suggests (data-suggestions), and which
// boxes to tick it finds (data-finds), those that are ticked always among them.
const wait = 180;

export function whileTyping(part) {
    for (const input of part.querySelectorAll("input[data-comment]")) {
        ask(input, input.dataset.comment, document.getElementById(`${input.id}-comment`));
        if (input.value) input.dispatchEvent(new Event("input"));
    }
    for (const input of part.querySelectorAll("input[data-suggestions]")) {
        ask(input, input.dataset.suggestions, document.getElementById(`${input.id}-list`));
    }
    for (const input of part.querySelectorAll("input[data-finds]")) {
        input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
        ask(input, input.dataset.finds, input.closest("fieldset").querySelector(".options"), keepTicked);
    }
}

function keepTicked(list, found) {
    const kept = [...list.children].filter((option) => option.querySelector(":checked"));
    const names = new Set(kept.map((option) => option.querySelector("input").value));
    list.replaceChildren(...kept, ...[...found].filter((option) => !names.has(option.querySelector?.("input")?.value)));
}

function ask(input, path, place, fill = (place, found) => place.replaceChildren(...found)) {
    let timer;
    let latest = 0;
    input.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(async () => {
            const turn = ++latest;
            try {
                const reply = await fetch(`${path}?value=${encodeURIComponent(input.value)}`);
                if (!reply.ok || turn !== latest) return;
                const answer = new DOMParser().parseFromString(await reply.text(), "text/html");
                fill(place, answer.body.childNodes);
            } catch {
                fill(place, []);
            }
        }, wait);
    });
}
