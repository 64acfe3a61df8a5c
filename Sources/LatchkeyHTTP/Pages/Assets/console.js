// What the console does where scripts run. Every page works without: dialogs are pages, menus are popovers, times are UTC.
import { placePopovers } from "./popovers.js";
import { openDialogs } from "./dialogs.js";
import { localTimes } from "./times.js";
import { copyButtons } from "./copying.js";
import { toasts } from "./toasts.js";

placePopovers();
openDialogs(enliven);
toasts();
enliven(document);

// For what is there at first, and for what a dialog brings.
function enliven(part) {
    localTimes(part);
    copyButtons(part);
}
