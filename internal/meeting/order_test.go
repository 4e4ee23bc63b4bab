package meeting

import (
	"math/rand/v2"
	"slices"
	"testing"
)

const (
	coordinator uint64 = 1 << iota
	police
	school
	field
)

// An agenda that sends people out and in again is put in an order in which
// nobody leaves twice; one that is as good as any stays as it is.
func TestTheOrderMakesTheFewestPeopleLeave(t *testing.T) {
	everybody := coordinator | police | school | field
	for name, c := range map[string]struct {
		stays    []uint64
		order    []int
		leavings int
	}{
		"nothing":                     {nil, nil, 0},
		"one point":                   {[]uint64{police}, []int{0}, 0},
		"all for everybody":           {[]uint64{everybody, everybody, everybody}, []int{0, 1, 2}, 0},
		"whoever is not in yet comes": {[]uint64{coordinator, everybody}, []int{0, 1}, 0},
		"police and school in turns": {
			[]uint64{everybody, coordinator | police, everybody, coordinator | school}, []int{1, 3, 0, 2}, 1},
		"the small points first": {[]uint64{everybody, coordinator, coordinator | police}, []int{1, 2, 0}, 0},
	} {
		got := Order(c.stays)
		if !slices.Equal(got, c.order) || Leavings(c.stays, got) != c.leavings {
			t.Errorf("%s: %v with %d leavings, want %v with %d", name, got, Leavings(c.stays, got), c.order, c.leavings)
		}
	}
}

// With few points no order at all is better; with many the proposal is a whole
// agenda and never worse than the one that was written.
func TestNoOrderIsBetter(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 300 {
		stays := make([]uint64, random.IntN(7))
		for p := range stays {
			stays[p] = random.Uint64N(64) | coordinator
		}
		least := -1
		every(len(stays), func(order []int) {
			if cost := costOf(stays, order); least < 0 || cost < least {
				least = cost
			}
		})
		if got := costOf(stays, Order(stays)); got != least {
			t.Fatalf("round %d, %v: cost %d, and there is one with %d", round, stays, got, least)
		}
	}
	for range 20 {
		stays := make([]uint64, exactUpTo+1+random.IntN(8))
		agenda := make([]int, len(stays))
		for p := range stays {
			stays[p], agenda[p] = random.Uint64N(256)|coordinator, p
		}
		got := Order(stays)
		if costOf(stays, got) > costOf(stays, agenda) {
			t.Errorf("%v costs %d, the agenda %d", got, costOf(stays, got), costOf(stays, agenda))
		}
		if sorted := slices.Sorted(slices.Values(got)); !slices.Equal(sorted, agenda) {
			t.Errorf("%v is not each point once", got)
		}
	}
}

// every calls look with every order of n points.
func every(n int, look func([]int)) {
	var walk func(order []int)
	walk = func(order []int) {
		if len(order) == n {
			look(order)
			return
		}
		for p := range n {
			if !slices.Contains(order, p) {
				walk(append(slices.Clone(order), p))
			}
		}
	}
	walk(nil)
}
