package mailcatch

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Text is one text message as it was handed in.
type Text struct {
	ID   string `json:"id"`
	To   string `json:"to"`
	From string `json:"from"`
	Text string `json:"text"`
}

// gateway is the fake of a gateway for text messages.
type gateway struct {
	texts  []Text
	tries  int
	refuse func(Text) int
}

// GatewayURL is where text messages are handed in.
func (c *Catcher) GatewayURL() string { return c.URL() + "/sms" }

// Texts are the messages taken so far, oldest first: each id once, however
// often it came.
func (c *Catcher) Texts() []Text {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.phone.texts)
}

// Tries is how many times a message was handed in, taken or not.
func (c *Catcher) Tries() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.phone.tries
}

// RefuseTexts makes the gateway answer with a status of HTTP from now on; 0
// takes the message, and a negative one takes it and answers with the status:
// the answer that is lost.
func (c *Catcher) RefuseTexts(status func(Text) int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.phone.refuse = status
}

// WaitTexts returns when n messages were handed in, or with the context's error.
func (c *Catcher) WaitTexts(ctx context.Context, n int) error {
	for {
		c.mu.Lock()
		tries, arrived := c.phone.tries, c.arrived
		c.mu.Unlock()
		if tries >= n {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d of %d text messages: %w", tries, n, ctx.Err())
		case <-arrived:
		}
	}
}

// takeText is what a gateway does with a message: one with a known id is taken
// again and delivered once. What it says when it refuses repeats the number, as
// many gateways do, so that tests find it where it must not be.
func (c *Catcher) takeText(w http.ResponseWriter, r *http.Request) {
	var t Text
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 16<<10))
	decoder.DisallowUnknownFields()
	if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
		http.Error(w, "no token", http.StatusUnauthorized)
		return
	}
	if err := decoder.Decode(&t); err != nil || t.ID == "" || t.To == "" || t.Text == "" || t.ID != r.Header.Get("Idempotency-Key") {
		http.Error(w, "not a message: "+t.To, http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.phone.tries++
	status := 0
	if c.phone.refuse != nil {
		status = c.phone.refuse(t)
	}
	if status <= 0 && !slices.ContainsFunc(c.phone.texts, func(o Text) bool { return o.ID == t.ID }) {
		if len(c.phone.texts) == kept && !c.keepAll {
			c.phone.texts = c.phone.texts[1:]
		}
		c.phone.texts = append(c.phone.texts, t)
	}
	close(c.arrived)
	c.arrived = make(chan struct{})
	if status != 0 {
		http.Error(w, "not to "+t.To, max(status, -status))
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

// textList are the messages to one number, or to all, newest first.
func (c *Catcher) textList(to string) []Text {
	list := []Text{}
	for _, t := range slices.Backward(c.Texts()) {
		if to == "" || t.To == to {
			list = append(list, t)
		}
	}
	return list
}
