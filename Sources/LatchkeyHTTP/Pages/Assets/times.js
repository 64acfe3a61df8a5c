// Exact times in the reader's zone, with UTC on hover; relative ones get the local time behind them.
const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function localTimes(part) {
    for (const link of part.querySelectorAll("a[data-zoned]")) {
        const address = new URL(link.href);
        address.searchParams.set("zone", format.resolvedOptions().timeZone);
        link.href = address;
    }
    for (const time of part.querySelectorAll("time[datetime]")) {
        const local = format.format(new Date(time.dateTime));
        if ("exact" in time.dataset) {
            time.textContent = local;
        } else if (!time.title.startsWith(local)) {
            time.title = `${local} (${time.title})`;
        }
    }
}
