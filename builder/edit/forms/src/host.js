// Starts the forms of one branch over a Git host; where it is, and what the forms are, says config.yml beside the page.
import CMS from "@sveltia/cms";

CMS.init();
