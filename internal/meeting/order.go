package meeting

import "math/bits"

// exactUpTo is how many points are put in order by trying every order; more
// are put in a good order, not always the best.
const exactUpTo = 12

// Order proposes in which order to take the points so that the fewest have to
// leave the room: stays[p] is who may be there for point p, a bit for each
// function. Somebody leaves when the point before was theirs and the next one
// is not; whoever is not there from the start only comes later. Between orders
// with as few leavings the one with the fewest comings wins, and then the one
// that is nearest to the agenda. It answers the points' indexes in their order.
func Order(stays []uint64) []int {
	if len(stays) <= exactUpTo {
		return exactOrder(stays)
	}
	return nearOrder(stays)
}

// step is what going from one point to the next costs: a leaving is worth more
// than any number of comings.
func step(from, to uint64) int {
	return bits.OnesCount64(from&^to)*1000 + bits.OnesCount64(to&^from)
}

// exactOrder asks for every set of points that are left, and the point just
// taken, what the rest costs at least; then it walks the cheapest way, taking
// the earliest point of the agenda wherever several are as cheap.
func exactOrder(stays []uint64) []int {
	n := len(stays)
	if n == 0 {
		return nil
	}
	all := 1<<n - 1
	rest := make([]int, (all+1)*n) // rest[left*n+last]
	for left := 1; left <= all; left++ {
		for last := range n {
			if left&(1<<last) != 0 {
				continue
			}
			best := -1
			for next := range n {
				if left&(1<<next) == 0 {
					continue
				}
				cost := step(stays[last], stays[next]) + rest[(left&^(1<<next))*n+next]
				if best < 0 || cost < best {
					best = cost
				}
			}
			rest[left*n+last] = best
		}
	}
	var order []int
	for left := all; left != 0; {
		next, least := -1, 0
		for p := range n {
			if left&(1<<p) == 0 {
				continue
			}
			cost := rest[(left&^(1<<p))*n+p]
			if len(order) > 0 {
				cost += step(stays[order[len(order)-1]], stays[p])
			}
			if next < 0 || cost < least {
				next, least = p, cost
			}
		}
		order = append(order, next)
		left &^= 1 << next
	}
	return order
}

// nearOrder begins once with the agenda and once at each point, going on to
// the nearest that is left, and then moves stretches of each as long as that
// makes it cheaper. It is never worse than the agenda.
func nearOrder(stays []uint64) []int {
	best := make([]int, len(stays))
	for p := range best {
		best[p] = p
	}
	best = improved(stays, best)
	for first := range stays {
		if order := improved(stays, nearest(stays, first)); costOf(stays, order) < costOf(stays, best) {
			best = order
		}
	}
	return best
}

func nearest(stays []uint64, first int) []int {
	order, taken := []int{first}, make([]bool, len(stays))
	taken[first] = true
	for len(order) < len(stays) {
		last, next := stays[order[len(order)-1]], -1
		for p := range stays {
			if !taken[p] && (next < 0 || step(last, stays[p]) < step(last, stays[next])) {
				next = p
			}
		}
		order, taken[next] = append(order, next), true
	}
	return order
}

// improved puts stretches of up to three points somewhere else, as long as one
// move makes the whole cheaper.
func improved(stays []uint64, order []int) []int {
	for better := true; better; {
		better = false
		for size := 1; size <= 3; size++ {
			for from := 0; from+size <= len(order); from++ {
				for to := 0; to+size <= len(order); to++ {
					if moved := move(order, from, size, to); costOf(stays, moved) < costOf(stays, order) {
						order, better = moved, true
					}
				}
			}
		}
	}
	return order
}

// move takes a stretch out and puts it back at another place.
func move(order []int, from, size, to int) []int {
	rest := append(append([]int{}, order[:from]...), order[from+size:]...)
	moved := append([]int{}, rest[:to]...)
	moved = append(moved, order[from:from+size]...)
	return append(moved, rest[to:]...)
}

func costOf(stays []uint64, order []int) int {
	cost := 0
	for i := 1; i < len(order); i++ {
		cost += step(stays[order[i-1]], stays[order[i]])
	}
	return cost
}

// Leavings is how many times somebody has to leave when points are taken in an
// order.
func Leavings(stays []uint64, order []int) int { return costOf(stays, order) / 1000 }
