package processors

import (
	"fmt"
	"math/big"

	"waybill/schemas"
)

// Progress is how much of a sold line was done, whatever that was: shipped, returned, refunded.
type Progress struct {
	Pieces int64         // of the line that are not cancelled
	Whole  int64         // pieces of which everything is done
	Begun  int64         // pieces of which something is done, at the least: more than Whole if one of them is in part
	Worth  schemas.Money // share of the line total; of all pieces it is the line total
}

// Complete tells that everything is done.
func (p Progress) Complete() bool { return p.Whole == p.Pieces }

// RollUp is the way back of explode: from what was done of a line's components to pieces of the line. done is all that was done so
// far, in any units of the component's dimension; of an article it may hold several records. What of another line was done is
// not to be in it, even if the article is the same. More than was sold, and what is no component of the line, is an error.
func RollUp(line *schemas.Line, done []schemas.Component) (Progress, error) {
	articles, err := articlesOf(line)
	if err != nil {
		return Progress{}, err
	}
	for i := range done {
		if err := articles.add(&done[i]); err != nil {
			return Progress{}, err
		}
	}
	progress := Progress{Pieces: line.Quantity - line.Cancelled, Worth: schemas.Money{Currency: line.LineTotal.Currency}}
	pieces := new(big.Rat).SetInt64(progress.Pieces)
	for i, a := range articles {
		if a.done.Cmp(a.sold) > 0 {
			return Progress{}, fmt.Errorf("of SKU %s more was done than the line has", a.sku)
		}
		share := new(big.Rat).Quo(a.done, a.sold)
		whole, rest := new(big.Int).QuoRem(new(big.Int).Mul(share.Num(), pieces.Num()), share.Denom(), new(big.Int))
		begun := whole.Int64() + int64(rest.Sign())
		if i == 0 {
			progress.Whole = whole.Int64()
		}
		progress.Whole, progress.Begun = min(progress.Whole, whole.Int64()), max(progress.Begun, begun)
		progress.Worth.Minor += shareOf(a.total, share)
	}
	return progress, nil
}

// article is one SKU of a line, however many of its components are of it.
type article struct {
	sku   string
	one   schemas.Quantity // the first component of it, which sold and done are counted in
	sold  *big.Rat
	done  *big.Rat
	total int64
}

type articles []*article

func articlesOf(line *schemas.Line) (all articles, err error) {
	for i := range line.Components {
		c := &line.Components[i]
		q, err := schemas.ParseQuantity(c.Quantity, c.Unit)
		if err != nil {
			return nil, fmt.Errorf("component SKU %s: %w", c.SKU, err)
		}
		a := all.find(c.SKU)
		if a == nil {
			a = &article{sku: c.SKU, one: q, sold: new(big.Rat), done: new(big.Rat)}
			all = append(all, a)
		}
		ratio, err := q.Ratio(a.one)
		if err != nil {
			return nil, fmt.Errorf("component SKU %s: %w", c.SKU, err)
		}
		a.sold.Add(a.sold, ratio)
		a.total += c.Total.Minor
	}
	return all, nil
}

func (all articles) find(sku string) *article {
	for _, a := range all {
		if a.sku == sku {
			return a
		}
	}
	return nil
}

func (all articles) add(done *schemas.Component) error {
	a := all.find(done.SKU)
	if a == nil {
		return fmt.Errorf("SKU %s was done and is no component of the line", done.SKU)
	}
	q, err := schemas.ParseQuantity(done.Quantity, done.Unit)
	if err == nil && q.Sign() < 0 {
		err = fmt.Errorf("%w: %s is less than nothing", schemas.ErrQuantity, q)
	}
	if err != nil {
		return fmt.Errorf("what was done of SKU %s: %w", done.SKU, err)
	}
	ratio, err := q.Ratio(a.one)
	if err != nil {
		return fmt.Errorf("what was done of SKU %s: %w", done.SKU, err)
	}
	a.done.Add(a.done, ratio)
	return nil
}

// shareOf is that share of an amount, rounded half up. Shares of what was done up to two moments differ by what was done between
// them, so nothing is lost to rounding when the last of it is done.
func shareOf(minor int64, share *big.Rat) int64 {
	x := new(big.Rat).Mul(new(big.Rat).SetInt64(minor), share)
	x.Add(x, big.NewRat(1, 2))
	return new(big.Int).Div(x.Num(), x.Denom()).Int64()
}
