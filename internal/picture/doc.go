// Package picture draws what a consent looks like: how long it lasts, who may
// know something before and after a change, which consents end soon. Everything
// is SVG text made on the server, with the same facts as sentences beside it;
// no picture is the only place where something stands.
//
// A picture uses presentation attributes and the classes of the portal's
// stylesheet, never a style attribute, which the content security policy
// forbids. Shapes have a dark outline, so that they survive forced colours, and
// differ in more than colour. A picture is mirrored for right-to-left languages;
// letters stay as they are. Widths of letters are estimated generously, since the
// server cannot know the reader's font: text is wrapped or shortened to fit, and
// what was shortened stands whole in the sentences.
package picture
