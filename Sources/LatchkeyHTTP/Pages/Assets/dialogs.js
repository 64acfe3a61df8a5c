// Opens a page as a dialog: the part of it that is marked data-dialog. A form in it is sent from there; a refused one
// comes back into the dialog, and what leads elsewhere goes there.
const headers = { "Latchkey-Dialog": "1" };
let enliven;

export function openDialogs(made) {
    enliven = made;
    document.addEventListener("click", (event) => {
        const link = event.target.closest("a[data-opens-dialog]");
        if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
        const within = link.closest("dialog");
        if (!within && link.closest("[data-dialog]")) return; // this page is the dialog: it goes on as a page
        event.preventDefault();
        const opener = link.closest("[popover]") ? document.querySelector(`[popovertarget="${link.closest("[popover]").id}"]`) : link;
        link.closest("[popover]")?.hidePopover();
        fetch(link.href, { headers }).then((reply) => show(reply, link.href, within ?? dialog(opener)), () => location.assign(link.href));
    });
}

function dialog(opener) {
    const dialog = document.createElement("dialog");
    dialog.addEventListener("click", (event) => {
        if (!event.target.closest("[data-close]")) return;
        event.preventDefault();
        close(dialog);
    });
    dialog.addEventListener("cancel", (event) => {
        event.preventDefault();
        close(dialog);
    });
    dialog.addEventListener("submit", (event) => {
        event.preventDefault();
        send(event.target, event.submitter, dialog);
    });
    dialog.addEventListener("close", () => {
        dialog.remove();
        opener?.focus();
    });
    document.body.append(dialog);
    return dialog;
}

// What is shown only once asks before it is left (once.js).
function close(dialog) {
    const kept = dialog.querySelector("[data-ask-before-leaving]");
    if (kept && !kept.dataset.taken && !confirm(kept.dataset.askBeforeLeaving)) return;
    const next = dialog.querySelector("[data-next]")?.dataset.next;
    dialog.close();
    if (next) location.assign(next);
}

async function send(form, submitter, dialog) {
    const body = new URLSearchParams(new FormData(form, submitter));
    const buttons = form.querySelectorAll("button");
    buttons.forEach((button) => (button.disabled = true));
    try {
        await show(await fetch(form.action, { method: "POST", headers, body }), form.action, dialog);
    } catch {
        say("The server could not be reached. Nothing was sent; try again.");
    } finally {
        buttons.forEach((button) => (button.disabled = false));
    }
}

async function show(reply, address, dialog) {
    const elsewhere = reply.headers.get("Latchkey-Location");
    if (elsewhere) return location.assign(elsewhere);
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const part = page.querySelector("[data-dialog]") ?? page.querySelector("main > section");
    if (!part) return location.assign(address);
    dialog.replaceChildren(document.adoptNode(part));
    const heading = dialog.querySelector("h1");
    if (heading) {
        heading.id ||= "dialog-heading";
        dialog.setAttribute("aria-labelledby", heading.id);
    }
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    enliven(dialog);
    (dialog.querySelector("[aria-invalid=true]") ?? dialog.querySelector("[autofocus]")
        ?? dialog.querySelector("input:not([type=hidden]):not(:read-only):not(:disabled), textarea, select"))?.focus();
}

// Said to those who listen to the page; from within an open dialog, because all else is inert then.
export function say(text) {
    const place = document.querySelector("dialog[open]") ?? document.body;
    let announcer = place.querySelector(":scope > .announcer");
    if (!announcer) {
        announcer = document.createElement("div");
        announcer.className = "announcer sr";
        announcer.role = "status";
        place.append(announcer);
    }
    announcer.textContent = "";
    setTimeout(() => (announcer.textContent = text), 50);
}
