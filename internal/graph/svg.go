package graph

import (
	"fmt"
	"html"
	"strings"

	"waybill/topics"
)

// The drawing's measures, in pixels.
const (
	margin     = 24
	topicWidth = 250
	stepWidth  = 220
	gapAcross  = 62
	chipHeight = 26
	chipGap    = 6
	rowGap     = 22
	stepHeight = 50
	textBefore = 12

	stepX  = margin + topicWidth + gapAcross
	afterX = stepX + stepWidth + gapAcross
	width  = afterX + topicWidth + margin
)

const style = `<style>
text { font: 13px system-ui, sans-serif; fill: #1c2733 } .note { font-size: 10.5px; fill: #5b6b7b }
rect { stroke-width: 1.4 } .topic { fill: #eef4fb; stroke: #5b8bbf } .lands { fill: #edf7ee; stroke: #4d9a57 } .looks { stroke-dasharray: 2 3 } .step { fill: #fff4e0; stroke: #d08a1d } .door { fill: #ffffff; stroke: #1c2733 }
path { fill: none; stroke: #5b6b7b; stroke-width: 1.3; marker-end: url(#tip) }
</style><defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" style="fill:#5b6b7b;stroke:none;marker-end:none"/></marker></defs>
`

// SVG draws the graph as a picture, from top to bottom: each step between the topics that it reads and those that it writes.
func (g Graph) SVG() string {
	p := &picture{y: margin}
	p.row("doors", strings.Join(g.Doors, " · "), "door", nil, nil, g.Enter)
	for _, step := range g.Steps {
		p.row(step.Name, step.Table.Name+" · "+step.Back.Name, "step", step.Reads, step.Looks, step.Writes)
	}
	for _, party := range g.Parties {
		p.row("gateway of "+party.Party, "calls it", "step", []*topics.Topic{party.Outbox}, nil, append([]*topics.Topic{party.Ledger}, party.Writes...))
	}
	p.note("Green: lands in ClickHouse, as a table of that name and in audit. Dotted: it looks things up there. Below a step: what it remembers, and what comes back to it.")
	p.note("Each step also writes " + topics.Trash.Name + ": one entry for each message that it can not handle, whole, with its reasons.")
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[2]d" width="%[1]d" height="%[2]d" role="img" aria-label="The pipeline">`+"\n%[3]s"+
		`<rect width="%[1]d" height="%[2]d" fill="#ffffff"/>`+"\n%[4]s</svg>\n", width, p.y+margin/2, style, &p.drawn)
}

// picture is what is drawn, and how far down that reaches.
type picture struct {
	drawn strings.Builder
	y     int
}

// row draws a step with its topics on both sides.
func (p *picture) row(name, note, class string, reads, looks, writes []*topics.Topic) {
	chips := max(len(reads)+len(looks), len(writes))
	height := max(stepHeight, chips*(chipHeight+chipGap)-chipGap)
	middle := p.y + height/2
	y := middle - stepHeight/2
	fmt.Fprintf(&p.drawn, `<g><rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="8"/><text x="%d" y="%d">%s</text><text class="note" x="%d" y="%d">%s</text></g>`+"\n",
		class, stepX, y, stepWidth, stepHeight, stepX+textBefore, y+21, html.EscapeString(name), stepX+textBefore, y+38, html.EscapeString(note))
	for i, t := range append(reads[:len(reads):len(reads)], looks...) {
		more := ""
		if i >= len(reads) {
			more = " looks"
		}
		at := p.chip(t, margin, middle, i, len(reads)+len(looks), more)
		p.arrow(margin+topicWidth, at, stepX, middle)
	}
	for i, t := range writes {
		at := p.chip(t, afterX, middle, i, len(writes), "")
		p.arrow(stepX+stepWidth, middle, afterX, at)
	}
	p.y += height + rowGap
}

// chip draws one topic of so many above each other, and tells where its middle is.
func (p *picture) chip(t *topics.Topic, x, middle, i, of int, more string) (at int) {
	y := middle - (of*(chipHeight+chipGap)-chipGap)/2 + i*(chipHeight+chipGap)
	class := "topic"
	if t.Lands {
		class = "lands"
	}
	kept := fmt.Sprintf("%d days", int(t.Retention.Hours())/24)
	if t.Compacted {
		kept = "by key"
	}
	fmt.Fprintf(&p.drawn, `<g><rect class="%s%s" x="%d" y="%d" width="%d" height="%d" rx="6"/><text x="%d" y="%d">%s</text><text class="note" text-anchor="end" x="%d" y="%d">%s</text></g>`+"\n",
		class, more, x, y, topicWidth, chipHeight, x+textBefore, y+17, html.EscapeString(t.Name), x+topicWidth-textBefore, y+17, kept)
	return y + chipHeight/2
}

func (p *picture) arrow(x1, y1, x2, y2 int) {
	middle := (x1 + x2) / 2
	fmt.Fprintf(&p.drawn, `<path d="M%d %dC%d %d %d %d %d %d"/>`+"\n", x1, y1, middle, y1, middle, y2, x2, y2)
}

func (p *picture) note(text string) {
	fmt.Fprintf(&p.drawn, `<text class="note" x="%d" y="%d">%s</text>`+"\n", margin, p.y+8, html.EscapeString(text))
	p.y += 18
}
