package api

import "testing"

// A field that is said twice is neither of the two; the same name in another
// object, or in the next one of a list, is another field.
func TestAFieldIsSaidOnce(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"why":"a","other":["why","why"]}`:       true,
		`{"rows":[{"from":"a"},{"from":"b"}]}`:    true,
		`{"from":{"unit":"a"},"to":{"unit":"a"}}`: true,
		`"text"`:                     true,
		`{"why":"a","why":"b"}`:      false,
		`{"why":"a","Why":"b"}`:      false,
		`{"wh\u0079":"a","why":"b"}`: false,
		`{"rows":[{"from":"a"},{"from":"a","from":1}]}`: false,
		`{"to":{"unit":"a","unit":"a"}}`:                false,
		`{"why":"a"`:                                    false,
		`{"why":"a"} {"why":"b"}`:                       false,
	} {
		var into any
		if err := strictJSON.Unmarshal([]byte(body), &into); (err == nil) != want {
			t.Errorf("%s is taken: %v (%v), want %v", body, err == nil, err, want)
		}
	}
}
