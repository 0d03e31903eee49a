/** The query page, where scripts run. */

document.documentElement.dataset.scripts = "on";
