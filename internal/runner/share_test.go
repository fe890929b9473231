package runner

import (
	"fmt"
	"slices"
	"testing"
)

func TestPartitionsAreSharedAlikeAndWhoTakesOverHasACopy(t *testing.T) {
	for _, partitions := range []int{1, 3, 8, 12, 64} {
		for count := 1; count <= 9; count++ {
			members := make([]string, count)
			for i := range members {
				members[i] = fmt.Sprintf("waybill-%d", i)
			}
			owners := shares(partitions, members)
			turned := slices.Clone(members)
			slices.Reverse(turned)
			if !slices.Equal(owners, shares(partitions, turned)) {
				t.Errorf("%d of %d: it matters in which order they are named", partitions, count)
			}
			has, kept := map[string]map[int32]bool{}, 0
			for _, m := range members {
				has[m] = heirlooms(partitions, members, m)
				kept += len(has[m])
				owned := 0
				for n, owner := range owners {
					if owner == m {
						owned++
						if !has[m][int32(n)] {
							t.Errorf("%s owns %d and does not know", m, n)
						}
					}
				}
				if owned < partitions/count || owned > (partitions+count-1)/count {
					t.Errorf("%d of %d: %s owns %d", partitions, count, m, owned)
				}
			}
			for i, gone := range members {
				left := slices.Delete(slices.Clone(members), i, i+1)
				for n, owner := range shares(partitions, left) {
					if len(left) > 0 && !has[owner][int32(n)] {
						t.Errorf("%d of %d: %s takes %d over from %s and has no copy", partitions, count, owner, n, gone)
					}
				}
			}
			if kept > 2*partitions+partitions/4 {
				t.Errorf("%d of %d: %d are kept, where one copy of each would do", partitions, count, kept)
			}
		}
	}
}
