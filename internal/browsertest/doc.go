// Package browsertest looks at the whole product from outside: the demo runs
// as a process of its own, people sign in at their provider by clicking
// themselves, and Chromium and axe-core judge what they see. It holds tests
// only.
package browsertest
