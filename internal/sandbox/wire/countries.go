package wire

import "strconv"

func numberBehind(street, number string) string  { return street + " " + number }
func numberInFront(street, number string) string { return number + " " + street }

// houseNumber is mostly a small number; some have a letter, a range or a flat.
func houseNumber(d *Dice) string {
	number := strconv.Itoa(d.Between(1, 199))
	switch d.Weighted(70, 14, 8, 8) {
	case 1:
		return number + string(rune('a'+d.Below(5)))
	case 2:
		return number + "-" + strconv.Itoa(200+d.Below(9))
	case 3:
		return number + "/" + strconv.Itoa(d.Between(1, 40))
	}
	return number
}

// blockNumber is Japan's: district, block and house.
func blockNumber(d *Dice) string {
	return strconv.Itoa(d.Between(1, 9)) + "-" + strconv.Itoa(d.Between(1, 30)) + "-" + strconv.Itoa(d.Between(1, 20))
}

// The countries of the European Union.
var (
	Germany = &Country{
		Code: "DE", Phone: "+49", VAT: "DE", Address: numberBehind, Number: houseNumber,
		First:     []string{"Jürgen", "Käthe", "Sören", "Björn", "Ulrike", "Günther", "Anneliese", "Mehmet", "Zoë", "Karl-Heinz"},
		Last:      []string{"Müller", "Weiß", "Größer", "Jäger", "Schönfeld", "von der Höhe", "Öztürk", "Schmidt-Lüdenscheidt", "Yılmaz"},
		Streets:   []string{"Müllerstraße", "An der Mühle", "Straße des 17. Juni", "Größlingsweg", "Königsallee", "Am Alten Markt", "Platz d. Einheit"},
		Companies: []string{"Bäckerei Süßmilch GmbH", "Überlandverkehr AG", "Müller & Söhne GmbH & Co. KG", "Praxis Dr. Öhlschläger"},
		Places: []Place{
			{"Berlin", "13353", "Berlin"},
			{"Köln", "50667", "Nordrhein-Westfalen"},
			{"München", "80331", "Bayern"},
			{"Görlitz", "02826", "Sachsen"},
			{"Düsseldorf", "40213", "Nordrhein-Westfalen"},
			{"Bad Königshofen i. Grabfeld", "97631", "Bayern"},
		},
	}
	Austria = &Country{
		Code: "AT", Phone: "+43", VAT: "ATU", Address: numberBehind, Number: houseNumber,
		First:     []string{"Annemarie", "Franz", "Käthe", "Leopold", "Jörg", "Sissi"},
		Last:      []string{"Grünwald", "Höllwarth", "Pötzelsberger", "Wiesböck", "Mayr"},
		Streets:   []string{"Mariahilfer Straße", "Getreidegasse", "Am Grünen Prater", "Döblinger Hauptstraße"},
		Companies: []string{"Gasthof Zum Weißen Rößl GmbH", "Sägewerk Pühringer e.U."},
		Places:    []Place{{"Wien", "1070", "Wien"}, {"Sankt Pölten", "3100", "Niederösterreich"}, {"Wörgl", "6300", "Tirol"}, {"Mürzzuschlag", "8680", "Steiermark"}},
	}
	France = &Country{
		Code: "FR", Phone: "+33", VAT: "FR", Address: numberInFront, Number: houseNumber,
		First:     []string{"François", "Hélène", "Loïc", "Zoé", "Gaël", "Jean-Sébastien", "Maëlys"},
		Last:      []string{"Lefèvre", "D'Aubigné", "Béranger", "Garçon", "L'Hôpital", "de La Tour du Pin"},
		Streets:   []string{"rue de l'Église", "avenue des Champs-Élysées", "boulevard de la Liberté", "impasse du Chêne-Vert", "Lieu-dit « Le Bourg »"},
		Companies: []string{"Pâtisserie L'Éclair SARL", "Établissements Noël & Fils", "Cafés de l'Orée S.A.S."},
		Places:    []Place{{"Paris", "75008", ""}, {"L'Haÿ-les-Roses", "94240", ""}, {"Orléans", "45000", ""}, {"Nîmes", "30000", ""}, {"Bourg-en-Bresse", "01000", ""}},
	}
	Italy = &Country{
		Code: "IT", Phone: "+39", VAT: "IT", Address: numberBehind, Number: houseNumber,
		First:     []string{"Niccolò", "Giosuè", "Chiara", "Nicolò Maria", "Lucia", "Totò"},
		Last:      []string{"D'Angelo", "De' Medici", "Nicolò", "Dell'Orto", "Rossi", "Cantù"},
		Streets:   []string{"Via dell'Università", "Piazza Libertà", "Corso Vittorio Emanuele II", "Strada Statale 16 Km", "Località Ca' Nova"},
		Companies: []string{"L'Officina dell'Età S.r.l.", "Caffè Perché No S.n.c."},
		Places:    []Place{{"Forlì", "47121", "FC"}, {"L'Aquila", "67100", "AQ"}, {"Roma", "00187", "RM"}, {"San Donà di Piave", "30027", "VE"}, {"Cantù", "22063", "CO"}},
	}
	Spain = &Country{
		Code: "ES", Phone: "+34", VAT: "ES", Address: numberBehind, Number: houseNumber,
		First:     []string{"José Ángel", "María del Carmen", "Iñaki", "Núria", "Begoña", "Raúl"},
		Last:      []string{"Núñez Ibáñez", "García-Peña", "Muñoz i Güell", "O'Donnell", "Yáñez"},
		Streets:   []string{"Calle Peñón de Ifach", "C/ Mª Auxiliadora", "Passeig de Gràcia", "Avda. de España, s/n, Bloque"},
		Companies: []string{"Señorío de Iñigo S.L.", "Cañas y Barro, S.A."},
		Places:    []Place{{"A Coruña", "15001", "A Coruña"}, {"L'Hospitalet de Llobregat", "08901", "Barcelona"}, {"Cádiz", "11001", "Cádiz"}, {"Logroño", "26001", "La Rioja"}},
	}
	Poland = &Country{
		Code: "PL", Phone: "+48", VAT: "PL", Address: numberBehind, Number: houseNumber,
		First:     []string{"Łukasz", "Małgorzata", "Grażyna", "Świętosław", "Józef", "Bożena"},
		Last:      []string{"Żółkiewski", "Gąsienica-Byrcyn", "Brzęczyszczykiewicz", "Śliwińska", "Źrebiec"},
		Streets:   []string{"ul. Świętokrzyska", "al. Jerozolimskie", "os. Zwycięstwa", "pl. Wolności", "Źródlana"},
		Companies: []string{"Zakład Usług \"Ślusarz\" Józef Źdźbło", "Hurtownia Łąka S.A."},
		Places:    []Place{{"Łódź", "90-001", "łódzkie"}, {"Świętochłowice", "41-600", "śląskie"}, {"Gdańsk", "80-299", "pomorskie"}, {"Poznań", "60-166", "wielkopolskie"}},
	}
	Czechia = &Country{
		Code: "CZ", Phone: "+420", VAT: "CZ", Address: numberBehind, Number: houseNumber,
		First:     []string{"Jiří", "Zdeňka", "Kateřina", "Ondřej", "Božena", "Matěj"},
		Last:      []string{"Dvořák", "Růžičková", "Šťastný", "Procházková", "Kříž", "Žižka"},
		Streets:   []string{"Na Příkopě", "náměstí Míru", "Žižkova třída", "č.p.", "Dlážděná"},
		Companies: []string{"Čokoládovna Kříž s.r.o.", "Železářství U Dvořáků a.s."},
		Places:    []Place{{"Praha 1", "110 00", ""}, {"České Budějovice", "370 01", ""}, {"Plzeň", "30100", ""}, {"Ústí nad Labem", "400 01", ""}},
	}
	Slovakia = &Country{
		Code: "SK", Phone: "+421", VAT: "SK", Address: numberBehind, Number: houseNumber,
		First:     []string{"Ľubomír", "Žofia", "Štefan", "Ján", "Ľudmila"},
		Last:      []string{"Hrušovský", "Ďurišová", "Šoltés", "Vajďák", "Ľupták"},
		Streets:   []string{"Hlavná", "Štúrova", "Námestie SNP", "Ľ. Fullu", "Žriedlová"},
		Companies: []string{"Tatranské drevo s.r.o.", "Ľadová soľ a.s."},
		Places:    []Place{{"Bratislava", "811 01", ""}, {"Košice", "04001", ""}, {"Žilina", "010 01", ""}, {"Liptovský Mikuláš", "031 01", ""}},
	}
)

// The countries beyond it.
var (
	Britain = &Country{
		Code: "GB", Phone: "+44", VAT: "GB", Address: numberInFront, Number: houseNumber,
		First:     []string{"Siân", "Hamish", "Niamh", "Nigel", "Aoife", "Zoë"},
		Last:      []string{"O'Brien", "MacGillivray", "Featherstonehaugh", "Smythe-Jones", "Llewellyn"},
		Streets:   []string{"St. John's Road", "High Street", "Llys y Coed", "Baker St", "The Old Mill, Church Lane"},
		Companies: []string{"Wilson & Daughters Ltd", "T/A \"The Kettle\" LLP"},
		Places:    []Place{{"London", "SW1A 1AA", "Greater London"}, {"Manchester", "M1 2AB", "England"}, {"Llanfairpwllgwyngyll", "LL61 5UJ", "Wales"}, {"St Andrews", "KY16 9AJ", "Fife"}},
	}
	America = &Country{
		Code: "US", Phone: "+1", Address: numberInFront, Number: houseNumber,
		First:     []string{"José", "Mary Ann", "D'Angelo", "Robert", "Xóchitl", "LaTonya"},
		Last:      []string{"O'Neil", "Nuñez", "St. James", "Smith Jr.", "Vanderbilt III"},
		Streets:   []string{"Main St", "N 42nd Ave # 7", "Martin Luther King Jr. Blvd", "County Road 12", "E Peña Blvd"},
		Companies: []string{"Smith Industries LLC", "Joe's \"Best\" Diner, Inc.", "AT&T c/o Mailroom"},
		Places:    []Place{{"Seattle", "98101", "WA"}, {"Boston", "02108", "MA"}, {"Cañon City", "81212", "CO"}, {"New York", "10001-2345", "NY"}, {"San Juan", "00901", "PR"}},
	}
	Japan = &Country{
		Code: "JP", Phone: "+81", Number: blockNumber, Address: func(street, number string) string { return street + number },
		First:     []string{"花子", "太郎", "さくら", "健一", "ジェームズ"},
		Last:      []string{"山田", "佐藤", "髙橋", "渡邉", "スミス"},
		Streets:   []string{"神宮前", "北三条西", "本町", "大字上中里字宮ノ前"},
		Companies: []string{"株式会社さくら商事", "有限会社髙橋工業"},
		Places:    []Place{{"渋谷区", "150-0001", "東京都"}, {"札幌市中央区", "060-0003", "北海道"}, {"大阪市", "541-0053", "大阪府"}, {"那覇市", "900-0001", "沖縄県"}},
	}
)
