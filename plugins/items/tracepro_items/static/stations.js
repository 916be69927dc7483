// The list of stations: a scan leads to the one that has the code.
import { scanned } from "../pages/scan.js";

const field = document.getElementById("q");

scanned(field, (code) => location.assign(`/ui/stations?q=${encodeURIComponent(code.trim())}`));
