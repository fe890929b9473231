package parcel

import "container/heap"

// dues are parcels, the one first to which something happens first.
type dues []*record

func (d dues) Len() int           { return len(d) }
func (d dues) Less(i, j int) bool { return d[i].next < d[j].next }
func (d dues) Swap(i, j int)      { d[i], d[j] = d[j], d[i] }

// Push is for container/heap.
func (d *dues) Push(r any) { *d = append(*d, r.(*record)) }

// Pop is for container/heap.
func (d *dues) Pop() any {
	all := *d
	last := all[len(all)-1]
	all[len(all)-1] = nil
	*d = all[:len(all)-1]
	return last
}

// push begins or ends telling. What happened before it begins is not told.
func (b *Book) push(is bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.due = nil
	if b.pushing = is; !is {
		return
	}
	for _, r := range b.order {
		scans, _ := b.far(r)
		r.told = uint8(scans)
		if b.schedule(r) {
			b.due = append(b.due, r)
		}
	}
	heap.Init(&b.due)
}

// schedule says when the next scan is to be told; false if there is none.
func (b *Book) schedule(r *record) bool {
	steps := lifeOf(b.seed, r.number, r.point)
	if r.cancelled || int(r.told) >= len(steps) {
		return false
	}
	r.next = r.booked + int64(steps[r.told].after)
	return true
}

// told is a scan that is to be told: the last of the parcel's.
type told struct {
	book   *Book
	record *record
	parcel Parcel
}

// happened are up to so many scans that nobody was told of yet, in the order in which they happened.
func (b *Book) happened(most int) (all []told) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := minute(b.calendar.Now())
	for len(all) < most && len(b.due) > 0 && b.due[0].next <= now {
		r := b.due[0]
		if scans, status := b.far(r); status != StatusCancelled && int(r.told) < scans {
			r.told++
			if !b.follows || r.next < r.followed {
				all = append(all, told{b, r, b.parcel(r, b.scans(r)[:r.told])})
			}
		}
		if b.schedule(r) {
			heap.Fix(&b.due, 0)
		} else {
			heap.Pop(&b.due)
		}
	}
	return all
}

// note enters how a push of a scan ended, counted from one.
func (b *Book) note(in *uint16, scan int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	*in |= 1 << (scan - 1)
}
