package graph

import (
	"fmt"
	"html"
	"strings"

	"waybill/topics"
)

// The drawing's measures, in pixels.
const (
	boxWidth   = 170
	boxHeight  = 44
	gapAcross  = 70
	gapDown    = 26
	margin     = 24
	textBefore = 14
)

// box is one thing in the picture.
type box struct {
	name, note  string
	class       string
	column, row int
}

func (b box) x() int { return margin + b.column*(boxWidth+gapAcross) }
func (b box) y() int { return margin + b.row*(boxHeight+gapDown) }

// SVG draws the graph as a picture: doors on the left, ClickHouse on the right, each step between what it reads and writes.
func (g Graph) SVG() string {
	p := picture{boxes: map[string]box{}}
	p.add(box{name: "doors", note: strings.Join(g.Doors, " · "), class: "door"})
	for row, t := range g.Enter {
		p.add(topicBox(t, 1, row))
		p.link("doors", t.Name, "")
	}
	column := 2
	for _, step := range g.Steps {
		p.add(box{name: step.Name, note: "remembers in " + step.Table.Name, class: "step", column: column})
		for _, t := range step.Reads {
			p.link(t.Name, step.Name, "")
		}
		for i, t := range step.Looks {
			p.add(topicBox(t, column-1, len(g.Enter)+i))
			p.link(t.Name, step.Name, "looks")
		}
		for row, t := range writes(step) {
			if _, drawn := p.boxes[t.Name]; drawn { // the trash of all steps: an arrow back to it would cross everything
				continue
			}
			p.add(topicBox(t, column+1, row))
			p.link(step.Name, t.Name, "")
		}
		p.add(topicBox(step.Back, column, 1))
		p.link(step.Back.Name, step.Name, "back")
		column += 2
	}
	for _, party := range g.Parties {
		name := "gateway of " + party.Party
		p.add(box{name: name, note: "calls " + party.Party, class: "step", column: column})
		p.link(party.Outbox.Name, name, "")
		for row, t := range append([]*topics.Topic{party.Ledger}, party.Writes...) {
			if _, drawn := p.boxes[t.Name]; !drawn {
				p.add(topicBox(t, column+1, row))
			}
			p.link(name, t.Name, "")
		}
		column += 2
	}
	p.add(box{name: "ClickHouse", note: "a table a topic, and audit", class: "door", column: column})
	for _, t := range g.Landing {
		if _, drawn := p.boxes[t.Name]; drawn {
			p.link(t.Name, "ClickHouse", "lands")
		}
	}
	return p.svg()
}

func topicBox(t *topics.Topic, column, row int) box {
	kept := fmt.Sprintf("kept %d days", int(t.Retention.Hours())/24)
	if t.Compacted {
		kept = "compacted"
	}
	return box{name: t.Name, note: kept, class: "topic", column: column, row: row}
}

// picture is boxes and the arrows between them, in the order they were added.
type picture struct {
	boxes  map[string]box
	order  []string
	arrows []arrow
}

type arrow struct{ from, to, class string }

func (p *picture) add(b box) {
	p.boxes[b.name] = b
	p.order = append(p.order, b.name)
}

func (p *picture) link(from, to, class string) { p.arrows = append(p.arrows, arrow{from, to, class}) }

const style = `<style>
text { font: 13px system-ui, sans-serif; fill: #1c2733 } .note { font-size: 10px; fill: #5b6b7b }
rect { stroke-width: 1.4 } .topic { fill: #eef4fb; stroke: #5b8bbf } .step { fill: #fff4e0; stroke: #d08a1d } .door { fill: #edf7ee; stroke: #4d9a57 }
path { fill: none; stroke: #5b6b7b; stroke-width: 1.3; marker-end: url(#tip) } .lands { stroke-dasharray: 4 4; stroke: #4d9a57 } .back { stroke: #d08a1d } .looks { stroke-dasharray: 1 3 }
</style><defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" style="fill:#5b6b7b;stroke:none;marker-end:none"/></marker></defs>
`

func (p *picture) svg() string {
	var width, height int
	for _, b := range p.boxes {
		width, height = max(width, b.x()+boxWidth+margin), max(height, b.y()+boxHeight+margin)
	}
	height += gapDown // the arrows that pass below
	var s strings.Builder
	fmt.Fprintf(&s, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="The pipeline">`+"\n", width, height, width, height)
	s.WriteString(style)
	fmt.Fprintf(&s, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", width, height)
	for _, a := range p.arrows {
		s.WriteString(p.path(a, height-margin/2))
	}
	for _, name := range p.order {
		b := p.boxes[name]
		fmt.Fprintf(&s, `<g><rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="7"/>`, b.class, b.x(), b.y(), boxWidth, boxHeight)
		fmt.Fprintf(&s, `<text x="%d" y="%d">%s</text>`, b.x()+textBefore, b.y()+19, html.EscapeString(b.name))
		fmt.Fprintf(&s, `<text class="note" x="%d" y="%d">%s</text></g>`+"\n", b.x()+textBefore, b.y()+34, html.EscapeString(b.note))
	}
	s.WriteString("</svg>\n")
	return s.String()
}

// path draws an arrow: upwards within a column, straight to the next one, and below everything when it passes others.
func (p *picture) path(a arrow, below int) string {
	from, to := p.boxes[a.from], p.boxes[a.to]
	x1, y1, x2, y2 := from.x()+boxWidth, from.y()+boxHeight/2, to.x(), to.y()+boxHeight/2
	switch {
	case from.column == to.column:
		x := from.x() + boxWidth/2
		return fmt.Sprintf(`<path class="%s" d="M%d %dV%d"/>`+"\n", a.class, x, from.y(), to.y()+boxHeight)
	case to.column-from.column > 1:
		x1, y1, x2, y2 = from.x()+boxWidth-12-12*from.row, from.y()+boxHeight, to.x()+30+10*from.row, to.y()+boxHeight
		return fmt.Sprintf(`<path class="%s" d="M%d %dV%dH%dV%d"/>`+"\n", a.class, x1, y1, below, x2, y2)
	}
	middle := (x1 + x2) / 2
	return fmt.Sprintf(`<path class="%s" d="M%d %dC%d %d %d %d %d %d"/>`+"\n", a.class, x1, y1, middle, y1, middle, y2, x2, y2)
}
