// Package config turns the environment into one struct, checks it, and knows
// nothing else. Every variable begins with SIG_; one that is misspelled is an
// error rather than a silent default. A secret may be given by the path of a
// file instead, under its name with _FILE, so that it need not stand in the
// process's environment.
package config
