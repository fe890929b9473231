package labels

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	_ "image/gif" // their sizes
	_ "image/png"
	"regexp"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"waybill/schemas"
)

// layoutOf is a hash of what all labels of a carrier have in common, whoever they are for: the size, the lines and pictures and where they are,
// the kinds of bar code, the fonts. Texts are no part of it, nor where they stand: a name that is longer is no other layout. "" if nothing can be
// told.
func layoutOf(label []byte, format string) string {
	var drawn []string
	switch format {
	case schemas.LabelPDF:
		return hashed(drawnInPDF(label))
	case schemas.LabelPNG, schemas.LabelGIF:
		if size, _, err := image.DecodeConfig(bytes.NewReader(label)); err == nil {
			drawn = append(drawn, fmt.Sprint(size.Width, "x", size.Height))
		}
	case schemas.LabelZPL:
		drawn = drawnInZPL(string(label))
	case schemas.LabelEPL:
		drawn = drawnInEPL(string(label))
	}
	return hashed(drawn)
}

func hashed(drawn []string) string {
	if len(drawn) == 0 {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.Join(drawn, "\n")))
	return hex.EncodeToString(sum[:8])
}

// drawnInPDF are the sizes of its pages, its fonts, the sizes of its pictures in pixels, and its lines.
func drawnInPDF(label []byte) (drawn []string) {
	settings := settingsOfPDF()
	doc, err := api.ReadValidateAndOptimize(bytes.NewReader(label), settings)
	if err != nil {
		return nil
	}
	sizes, err := doc.PageDims()
	if err != nil {
		return nil
	}
	for _, size := range sizes {
		drawn = append(drawn, fmt.Sprintf("page %.0fx%.0f", size.Width, size.Height))
	}
	for _, font := range doc.Optimize.FontObjects {
		drawn = append(drawn, "font "+font.FontName) // without the letters before it, which a subset has by chance (ISO 32000-1 §9.6.4)
	}
	for _, picture := range doc.Optimize.ImageObjects {
		if of := picture.ImageDict; of != nil && of.IntEntry("Width") != nil && of.IntEntry("Height") != nil {
			drawn = append(drawn, fmt.Sprintf("picture %dx%d", *of.IntEntry("Width"), *of.IntEntry("Height")))
		}
	}
	drawn = append(drawn, rulesOf(doc)...)
	slices.Sort(drawn)
	return slices.Compact(drawn)
}

func settingsOfPDF() *model.Configuration {
	api.DisableConfigDir() // it would write into the home folder
	settings := model.NewDefaultConfiguration()
	settings.ValidationMode = model.ValidationRelaxed
	return settings
}

// zplCommand is one command, and its parameters up to where the next begins.
var zplCommand = regexp.MustCompile(`[\^~]([A-Z@][A-Z0-9@])([^\^~]*)`)

// drawnInZPL are its size, its lines and pictures with their places, and its bar codes (ZPL II Programming Guide, P1012728).
func drawnInZPL(label string) (drawn []string) {
	place := ""
	for _, command := range zplCommand.FindAllStringSubmatch(label, -1) {
		switch name, with := command[1], strings.TrimSpace(command[2]); {
		case name == "FO" || name == "FT":
			place = name + with
		case name == "PW" || name == "LL" || name == "LH" || name == "PO":
			drawn = append(drawn, name+with)
		case name == "GF" || name == "DG": // behind its sizes are its dots
			sizes := strings.SplitN(with, ",", 5)
			drawn = append(drawn, place+name+strings.Join(sizes[:min(4, len(sizes))], ","))
		case name[0] == 'G' || name == "XG" || name == "IM":
			drawn = append(drawn, place+name+with)
		case name[0] == 'B' && name != "BY":
			drawn = append(drawn, place+name)
		}
	}
	return drawn
}

// drawnInEPL are the same (EPL2 Programmer's Manual): of a bar code (B) its place and kind, of a picture (GW) its place and size.
func drawnInEPL(label string) (drawn []string) {
	for line := range strings.Lines(label) {
		line = strings.TrimSpace(line)
		of, parameters := 0, strings.Split(line, ",")
		switch {
		case strings.HasPrefix(line, "B"), strings.HasPrefix(line, "GW"), strings.HasPrefix(line, "b"):
			of = 4
		case strings.HasPrefix(line, "L"), strings.HasPrefix(line, "X"), strings.HasPrefix(line, "q"), strings.HasPrefix(line, "Q"):
			of = len(parameters)
		}
		if of > 0 {
			drawn = append(drawn, strings.Join(parameters[:min(of, len(parameters))], ","))
		}
	}
	return drawn
}
