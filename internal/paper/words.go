package paper

// words are those of a slip, in a language.
type words struct {
	slip, order, shipment, placed, article, what, quantity, price, pieces, to string
	date                                                                      string // form of a day
}

// languages are by country what is spoken there.
var languages = map[string]words{
	"":   {"Packing slip", "Order", "Shipment", "Ordered on", "Article", "What", "Quantity", "Price each", "pieces", "To", "2 Jan 2006"},
	"DE": {"Lieferschein", "Bestellung", "Sendung", "Bestellt am", "Artikel", "Bezeichnung", "Menge", "Einzelpreis", "Stück", "An", "02.01.2006"},
	"PL": {"Specyfikacja przesyłki", "Zamówienie", "Przesyłka", "Zamówiono", "Artykuł", "Nazwa", "Ilość", "Cena jedn.", "szt.", "Do", "02.01.2006"},
	"CZ": {"Dodací list", "Objednávka", "Zásilka", "Objednáno", "Zboží", "Název", "Množství", "Cena za kus", "ks", "Komu", "2. 1. 2006"},
	"SK": {"Dodací list", "Objednávka", "Zásielka", "Objednané", "Tovar", "Názov", "Množstvo", "Cena za kus", "ks", "Komu", "2. 1. 2006"},
	"FR": {"Bon de livraison", "Commande", "Expédition", "Commandé le", "Article", "Désignation", "Quantité", "Prix unitaire", "pièces", "À", "02/01/2006"},
	"IT": {"Documento di spedizione", "Ordine", "Spedizione", "Ordinato il", "Articolo", "Descrizione", "Quantità", "Prezzo unitario", "pezzi", "A", "02/01/2006"},
	"ES": {"Albarán", "Pedido", "Envío", "Pedido el", "Artículo", "Descripción", "Cantidad", "Precio unitario", "unidades", "A", "02/01/2006"},
	"NL": {"Pakbon", "Bestelling", "Zending", "Besteld op", "Artikel", "Omschrijving", "Aantal", "Stukprijs", "stuks", "Aan", "02-01-2006"},
}

// spokenAlso are countries where the language of another is spoken.
var spokenAlso = map[string]string{"AT": "DE", "CH": "DE", "LI": "DE", "LU": "DE", "BE": "NL", "MC": "FR", "SM": "IT"}

// wordsOf are those for a country; English where there are none.
func wordsOf(country string) words {
	if as, is := spokenAlso[country]; is {
		country = as
	}
	if w, is := languages[country]; is {
		return w
	}
	return languages[""]
}
