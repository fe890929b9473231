package scans

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Node is an element of an XML document, by its local name: carriers change prefixes and namespaces, and mean the same.
type Node struct {
	Name string
	Text string
	Attr map[string]string
	Kids []*Node
}

// Limits of a document.
const (
	depthMax     = 100
	nodeBytesMax = 64 << 10 // beyond that, the pieces of a text are left out
)

// TakeXML reads a document whole, nil with a fault where it is none.
func (s *Sheet) TakeXML(said []byte) *Node {
	decoder := xml.NewDecoder(bytes.NewReader(body(said)))
	decoder.CharsetReader = charset
	root := new(Node)
	open := []*Node{root}
	for {
		token, err := decoder.Token()
		switch {
		case errors.Is(err, io.EOF) && len(root.Kids) == 1:
			return root.Kids[0]
		case err == nil && len(open) > depthMax:
			err = fmt.Errorf("elements lie more than %d deep", depthMax)
		case err == nil && len(open) == 1 && len(root.Kids) > 1:
			err = errors.New("it has more than one root")
		}
		if err != nil {
			line, column := decoder.InputPos()
			s.Fault("not_xml", "/", "line %d, column %d: %v", line, column, err)
			return nil
		}
		top := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			n := &Node{Name: t.Name.Local, Attr: make(map[string]string, len(t.Attr))}
			for _, a := range t.Attr {
				n.Attr[a.Name.Local] = a.Value
			}
			top.Kids = append(top.Kids, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(top.Kids) == 0 && len(top.Text) < nodeBytesMax {
				top.Text += string(bytes.TrimSpace(t))
			}
		}
	}
}

// charset makes UTF-8 of Latin-1, in which DHL writes some answers. The other names are of what is UTF-8 already.
func charset(name string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(name) {
	case "utf-8", "us-ascii":
		return in, nil
	case "iso-8859-1", "iso-8859-15", "windows-1252":
		latin, err := io.ReadAll(in)
		if err != nil {
			return nil, err
		}
		text := make([]rune, len(latin))
		for i, b := range latin {
			text[i] = rune(b)
		}
		return strings.NewReader(string(text)), nil
	}
	return nil, fmt.Errorf("it is written in %s", name)
}

// All are the elements of a name below a node, at any depth, but not within each other.
func (n *Node) All(name string) (found []*Node) {
	for _, kid := range n.Kids {
		if kid.Name == name {
			found = append(found, kid)
		} else {
			found = append(found, kid.All(name)...)
		}
	}
	return found
}

// First is the first of All, an empty one if there is none.
func (n *Node) First(name string) *Node {
	if all := n.All(name); len(all) > 0 {
		return all[0]
	}
	return new(Node)
}

// Of is the text of the element of that name that lies directly in a node.
func (n *Node) Of(name string) string {
	for _, kid := range n.Kids {
		if kid.Name == name {
			return kid.Words()
		}
	}
	return ""
}

// Words is all text in a node.
func (n *Node) Words() string {
	if len(n.Kids) == 0 {
		return n.Text
	}
	var words []string
	for _, kid := range n.Kids {
		if text := kid.Words(); text != "" {
			words = append(words, text)
		}
	}
	return strings.Join(words, " ")
}
