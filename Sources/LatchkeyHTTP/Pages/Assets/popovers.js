// Puts a popover below its button, or above where there is more room.
export function placePopovers() {
    document.addEventListener("beforetoggle", (event) => {
        const popover = event.target;
        if (event.newState !== "open" || !popover.id) return;
        const button = document.querySelector(`[popovertarget="${CSS.escape(popover.id)}"]`);
        if (button) requestAnimationFrame(() => place(popover, button));
    }, true);
    addEventListener("scroll", (event) => {
        if (event.target === document) document.querySelectorAll("[popover]:popover-open").forEach((open) => open.hidePopover());
    }, { passive: true });
}

function place(popover, button) {
    popover.dataset.placed = "";
    const [anchor, box] = [button.getBoundingClientRect(), popover.getBoundingClientRect()];
    const below = anchor.bottom + 4 + box.height <= innerHeight - 8 || anchor.top < box.height;
    popover.style.top = `${Math.max(8, below ? anchor.bottom + 4 : anchor.top - 4 - box.height)}px`;
    const left = anchor.left + box.width > innerWidth - 8 ? anchor.right - box.width : anchor.left;
    popover.style.left = `${Math.max(8, Math.min(left, innerWidth - box.width - 8))}px`;
}
