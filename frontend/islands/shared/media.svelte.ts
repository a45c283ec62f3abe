import type { Quality } from "../../media/tier"

/** What sound and pictures cost this page in bytes, and how well they come, for the line in the masthead. */
export const media = $state({ bytes: 0, quality: "good" as Quality })
