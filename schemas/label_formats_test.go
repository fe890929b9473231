package schemas

import "testing"

func TestTheFormatOfALabelIsSeenInItsBytes(t *testing.T) {
	for label, want := range map[string]string{
		"%PDF-1.4\n%âãÏÓ": LabelPDF, "\x89PNG\r\n\x1a\n\x00": LabelPNG, "GIF89a\x01": LabelGIF, "GIF87a": LabelGIF,
		"\n^XA\n^MNY^XZ": LabelZPL, "~DGR:LOGO.GRF,10,1,00^XA^XZ": LabelZPL, "^XZ": "",
		"\nN\nq800\n": LabelEPL, "EPL2\r\nq795\r\nN\r\nA10,10": LabelEPL, "No label": "",
		"": "", "<html>": "", "^": "", "N": "", "JVBERi0x": "",
	} {
		if got := FormatOf([]byte(label)); got != want {
			t.Errorf("%q is %q, not %q", label, got, want)
		}
	}
}
