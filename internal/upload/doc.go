// Package upload looks at a file that somebody hands in before anything else
// does: what it is by its content, whether ClamAV knows it as harmful, and, of
// an image, nothing but the picture (trust.md 2.3 row 18). What it lets through
// is fit to be kept sealed and sent as an attachment; it does not say that a
// file is true, or that it may be shown in a browser.
package upload
