package postgres

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

var (
	officer  = sig.Actor{Kind: sig.ActorStaff}
	guardian = sig.Actor{Kind: sig.ActorGuardian}
)

// enters begins and gives how to end it; what does not begin fails the test.
func enters(t *testing.T, a *Admission) (leave func()) {
	t.Helper()
	leave, err := a.turn(t.Context(), officer)
	if err != nil {
		t.Fatal(err)
	}
	return leave
}

// waits asks for a turn beside the test and says when it has come.
func waits(t *testing.T, a *Admission) (came chan func()) {
	t.Helper()
	came = make(chan func(), 1)
	go func() {
		if leave, err := a.turn(t.Context(), officer); err == nil {
			came <- leave
		}
	}()
	synctest.Wait()
	return came
}

func has(came chan func()) bool {
	synctest.Wait()
	return len(came) == 1
}

func TestNoMoreThanTheBoundWorkAtOnceAndWhoCameFirstGoesFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := NewAdmission(2)
		one, two := enters(t, a), enters(t, a)
		third, fourth := waits(t, a), waits(t, a)
		if _, err := a.turn(t.Context(), guardian); err != nil {
			t.Fatal("a guardian has to wait for the staff:", err)
		}
		if has(third) || has(fourth) {
			t.Fatal("a third began beside two")
		}
		one()
		if !has(third) || has(fourth) {
			t.Fatal("the next in turn did not begin, or not alone")
		}
		(<-third)()
		two()
		if !has(fourth) {
			t.Fatal("the last did not begin")
		}
		(<-fourth)()
	})
}

func TestWhoWaitsTooLongIsToldToTryAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := NewAdmission(1)
		stop := make(chan struct{})
		for range 200 { // each takes its place for nearly as long as it counts
			go func() {
				leave, err := a.turn(t.Context(), officer)
				if err != nil {
					return
				}
				defer leave()
				select {
				case <-time.After(slow - time.Millisecond):
				case <-stop:
				}
			}()
		}
		synctest.Wait()
		began := time.Now()
		_, err := a.turn(t.Context(), officer)
		if fault.KindOf(err) != fault.Unavailable || time.Since(began) != patience {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		left, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("the request is over"))
		if _, err := a.turn(left, officer); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("a request that is over: %v", err)
		}
		close(stop)
	})
}

// One that waits for a lock or a disk takes no processor from anybody, and must
// not keep whole pages from others.
func TestASlowOneGivesItsPlaceUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := NewAdmission(1)
		stuck := enters(t, a)
		next := waits(t, a)
		time.Sleep(slow - time.Millisecond)
		if has(next) {
			t.Fatal("it began too early")
		}
		time.Sleep(time.Millisecond)
		if !has(next) {
			t.Fatal("one that is stuck kept its place")
		}
		stuck() // it has no place to give back any more
		third := waits(t, a)
		if has(third) {
			t.Fatal("a place was given back twice")
		}
		(<-next)()
		(<-third)()
	})
}

func TestAWithdrawalPassesByAndNothingBeginsUntilItIsDone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := NewAdmission(2)
		under, full := enters(t, a), enters(t, a)
		done, err := a.ahead(t.Context(), guardian)
		if err != nil {
			t.Fatal(err)
		}
		another, err := a.ahead(t.Context(), guardian)
		if err != nil {
			t.Fatal(err)
		}
		next := waits(t, a)
		under()
		full()
		if has(next) {
			t.Fatal("something began while consents were being taken back")
		}
		done()
		if has(next) {
			t.Fatal("something began while the other one was being taken back")
		}
		another()
		if !has(next) {
			t.Fatal("nothing began after the withdrawals")
		}
		(<-next)()
		// One that is stuck itself holds the others up for a bounded time.
		done, err = a.ahead(t.Context(), guardian)
		if err != nil {
			t.Fatal(err)
		}
		next = waits(t, a)
		time.Sleep(makeWay - time.Millisecond)
		if has(next) {
			t.Fatal("something began while a consent was being taken back")
		}
		time.Sleep(time.Millisecond)
		if !has(next) {
			t.Fatal("a withdrawal that is stuck keeps everybody out")
		}
		(<-next)()
		done()
	})
}
