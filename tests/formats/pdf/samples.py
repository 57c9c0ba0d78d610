"""One plausible letter for each style: everybody in them is invented."""

from __future__ import annotations

import msgspec

from carnet.formats.pdf import Letter, Letterhead, Look, Style, Table, look_of

_LINES = ("14, rue des Tanneurs", "35000 RENNES", "Tél. 02 99 00 00 14 – Fax 02 99 00 00 15")
_PATIENT = (
    "Mme Camille BERTHIER",
    "Née le 14 mars 1961 à Vannes – Sexe F",
    "INS 2 61 03 56 260 004 18 (test)",
)
_GP = ("Dr Hélène GARRIGUE", "Maison de santé des Lices", "3, place des Lices", "35000 RENNES")
_FOOT = "Document d'essai : personnes et structures inventées."

CONSULTATION = Letter(
    letterhead=Letterhead(
        "Cabinet de cardiologie des Tanneurs",
        _LINES,
        "Dr Zoé ÉLAN",
        (
            "Cardiologie et maladies vasculaires",
            "Ancienne interne des hôpitaux de Rennes",
            "RPPS 10 00 00 00 142 – Conventionnée secteur 1",
        ),
        codes=("10000000142", "351000148"),
    ),
    place_and_date="Rennes, le 3 mai 2026",
    title="Consultation de cardiologie",
    patient=_PATIENT,
    recipient=_GP,
    greeting="Chère Consœur,",
    body=(
        (
            "J'ai revu ce jour en consultation votre patiente, Mme BERTHIER, 65 ans, que vous "
            "suivez "
            "pour une hypertension artérielle et un diabète de type 2 équilibré par metformine."
        ),
        (
            "Elle se plaint depuis trois semaines d'une dyspnée d'effort (stade II de la NYHA) et "
            "d'œdèmes des membres inférieurs, vespéraux, sans douleur thoracique ni palpitation."
        ),
        "# Examen clinique",
        (
            "TA 152/88 mmHg, FC 76/min, SpO₂ ≥ 97 % en air ambiant. Bruits du cœur réguliers, "
            "souffle "
            "systolique 2/6 au foyer aortique. Auscultation pulmonaire libre."
        ),
        "# Échocardiographie",
        (
            "Ventricule gauche non dilaté, hypertrophie concentrique modérée, FEVG 58 %. "
            "Rétrécissement aortique "
            "peu serré (surface ≈ 1,6 cm²). Pas d'HTAP."
        ),
        Table(
            ("Mesure", "Ce jour", "Mai 2025", "Normale"),
            (
                ("FEVG", "58 %", "60 %", "> 55 %"),
                ("Septum", "12 mm", "11 mm", "6 à 10 mm"),
                ("Débit de filtration", "64 mL/min/1,73 m²", "69", "≥ 60"),
            ),
            bold_rows=frozenset({1}),
        ),
        "# Conclusion",
        "Cardiopathie hypertensive débutante. Je vous propose :",
        "- d'ajouter furosémide 20 mg le matin pendant dix jours ;",
        "- de porter le périndopril à 8 mg par jour, ionogramme à J7 ;",
        "- de la revoir dans trois mois avec une MAPA → rendez-vous pris.",
    ),
    closing="Je reste à votre disposition et vous prie de croire, chère Consœur, en mes sentiments "
    "confraternels les meilleurs.",
    signature=("Dr Zoé ÉLAN",),
    footer=_FOOT,
    scribble="elan",
)

_replace = msgspec.structs.replace

HOSPITAL = _replace(
    CONSULTATION,
    style=Style.HOSPITAL,
    letterhead=Letterhead(
        "Centre hospitalier du Val de Vilaine",
        ("Pôle cœur-poumon-métabolisme", "2, avenue des Chênes – 35300 FOUGÈRES"),
        "Dr Malo KERAVEL",
        ("Service de médecine interne",),
        staff=(
            "# Chef de service",
            "Dr Anaïs LE BRIZEC",
            "RPPS 10 00 00 00 225",
            "# Praticiens hospitaliers",
            "Dr Malo KERAVEL",
            "Dr Ines TARDIVEL",
            "Dr Youssef HAMDAOUI",
            "# Assistants",
            "Dr Pauline OGERAU",
            "# Cadre de santé",
            "M. Loïc DERRIEN",
            "# Secrétariat",
            "Tél. 02 99 00 01 10",
            "Fax 02 99 00 01 11",
            "med.interne@exemple.fr",
            "# Hospitalisation",
            "Secteur A : 02 99 00 01 20",
            "Secteur B : 02 99 00 01 21",
            "# Hôpital de jour",
            "02 99 00 01 30",
            "# Avis téléphonique",
            "De 9 h à 18 h : 06 00 00 01 40",
        ),
    ),
    title="Compte rendu d'hospitalisation du 22/04 au 29/04/2026",
    reference=("N/Réf. : AL/MK – IPP 800014522 – Séjour 26041877",),
    body=(
        (
            "Votre patiente a été hospitalisée du 22 au 29 avril 2026 dans le service pour une "
            "altération de l'état général fébrile."
        ),
        "# Antécédents",
        "- Hypertension artérielle, diabète de type 2 ;",
        "- Cholécystectomie en 1998 ;",
        "- Pas d'allergie médicamenteuse connue.",
        "# Mode de vie",
        "Retraitée, vit avec son mari, autonome. Tabac sevré en 2004 (15 paquets-années).",
        "# Histoire de la maladie",
        "Depuis le 15 avril, fièvre vespérale à 38,7 °C, frissons, douleur lombaire droite. Reçoit "
        "trois jours d'ofloxacine sans amélioration. " * 3,
        "# Examens complémentaires",
        Table(
            ("", "22/04", "25/04", "28/04"),
            (
                ("CRP (mg/L)", "187", "96", "21"),
                ("Leucocytes (G/L)", "14,8", "9,9", "7,2"),
                ("Créatinine (µmol/L)", "112", "98", "88"),
            ),
        ),
        "ECBU : Escherichia coli ≥ 10⁶ UFC/mL, sensible aux céphalosporines de 3ᵉ génération.",
        "Scanner abdomino-pelvien : néphrite focale droite, sans abcès ni obstacle. " * 4,
        "# Évolution dans le service",
        "Apyrexie obtenue en 48 heures sous ceftriaxone. Relais oral par céfixime. " * 6,
        "# Traitement de sortie",
        "- **Céfixime** 200 mg : 1 comprimé matin et soir jusqu'au 6 mai inclus ;",
        "- **Metformine** 1 000 mg : 1 matin et soir, reprise le 30 avril ;",
        "- **Périndopril** 4 mg : 1 le matin.",
        "# Au total",
        (
            "Pyélonéphrite aiguë droite à E. coli, d'évolution favorable. Consultation de contrôle "
            "dans un mois."
        ),
    ),
    greeting="Cher Confrère,",
    signature=("Dr Malo KERAVEL", "Praticien hospitalier"),
    stamp=("Dr Malo KERAVEL", "Médecine interne", "RPPS 10 00 00 00 308"),
)

LABORATORY = _replace(
    CONSULTATION,
    style=Style.LABORATORY,
    letterhead=Letterhead(
        "BIO-VILAINE",
        ("Laboratoire de biologie médicale – site des Lices", *_LINES, "FINESS 35 000 00 00"),
        "Mme Nora SEZNEC",
        ("Pharmacienne biologiste",),
        staff=("Nora SEZNEC", "Tugdual PRIGENT", "Aline MARCHADOUR", "Omar BELKADI"),
    ),
    title="Compte rendu d'examens de biologie médicale",
    reference=("Dossier 260503-0147",),
    fields=(("Prélevé le", "03/05/2026 à 07 h 42"), ("Reçu le", "03/05/2026 à 08 h 10")),
    greeting=None,
    closing=None,
    body=(
        Table(
            ("Examen", "Résultat", "Unité", "Valeurs de référence", "Antériorité 12/01/2026"),
            (
                ("Hémoglobine", "11,2", "g/dL", "12,0 à 16,0", "12,1"),
                ("Hématocrite", "34,6", "%", "35,0 à 47,0", "36,8"),
                ("V.G.M.", "84", "fL", "80 à 100", "86"),
                ("Leucocytes", "6,9", "G/L", "4,0 à 10,0", "7,1"),
                ("Plaquettes", "288", "G/L", "150 à 400", "301"),
            ),
            title="Hématologie",
            bold_rows=frozenset({0, 1}),
        ),
        Table(
            ("Examen", "Résultat", "Unité", "Valeurs de référence", "Antériorité 12/01/2026"),
            (
                ("Glycémie à jeun", "1,31", "g/L", "0,74 à 1,06", "1,28"),
                ("Hémoglobine glyquée (HbA1c)", "7,1", "%", "4,0 à 6,0", "7,0"),
                ("Créatinine", "88", "µmol/L", "45 à 84", "82"),
                ("DFG estimé (CKD-EPI)", "64", "mL/min/1,73 m²", "≥ 60", "69"),
                ("Potassium", "4,3", "mmol/L", "3,5 à 5,1", "4,4"),
                ("Ferritine", "18", "µg/L", "15 à 150", ""),
            ),
            title="Biochimie",
            bold_rows=frozenset({0, 1, 2}),
        ),
        "Commentaire : anémie normocytaire modérée, à confronter à la clinique.",
    ),
    signature=("Validé par Nora SEZNEC", "Biologiste médicale"),
    scribble="seznec",
)

PRESCRIPTION = _replace(
    CONSULTATION,
    style=Style.PRESCRIPTION,
    title="Ordonnance",
    reference=("Poids : 68 kg",),
    greeting=None,
    closing=None,
    recipient=(),
    body=(
        "**PÉRINDOPRIL 8 mg** comprimé",
        "- 1 comprimé le matin, pendant 3 mois",
        "**FUROSÉMIDE 20 mg** comprimé",
        "- 1 comprimé le matin, pendant 10 jours",
        "**METFORMINE 1 000 mg** comprimé pelliculé",
        "- 1 comprimé matin et soir au cours des repas, pendant 3 mois",
        "À renouveler 2 fois.",
    ),
    stamp=("Dr Zoé ÉLAN", "Cardiologue – RPPS 10000000142", "14, rue des Tanneurs – RENNES"),
)

BIZONE = _replace(
    PRESCRIPTION,
    style=Style.BIZONE,
    title="Ordonnancier bizone",
    body=(
        "**METFORMINE 1 000 mg** comprimé pelliculé",
        "- 1 comprimé matin et soir au cours des repas, QSP 3 mois",
        "**Bandelettes pour lecteur de glycémie** – QSP 3 mois",
        "**PÉRINDOPRIL 8 mg** – 1 comprimé le matin, QSP 3 mois",
        "---",
        "**PARACÉTAMOL 1 g** comprimé",
        "- 1 comprimé en cas de douleur, au plus 3 par jour, pendant 5 jours",
    ),
    stamp=(),
)

CERTIFICATE = _replace(
    CONSULTATION,
    style=Style.CERTIFICATE,
    title="Certificat médical",
    recipient=(),
    greeting=None,
    closing=None,
    body=(
        (
            "Je soussignée, Dr Zoé ÉLAN, certifie avoir examiné ce jour Mme Camille BERTHIER, née "
            "le "
            "14 mars 1961, et n'avoir constaté aucune contre-indication apparente à la pratique de "
            "la "
            "marche nordique en loisir."
        ),
        (
            "Certificat établi à la demande de l'intéressée et remis en main propre pour faire "
            "valoir "
            "ce que de droit."
        ),
    ),
    patient=(),
    stamp=("Dr Zoé ÉLAN", "Cardiologue", "RENNES"),
)

IMAGING = _replace(
    CONSULTATION,
    style=Style.IMAGING,
    letterhead=Letterhead(
        "Imagerie médicale du Pont-Neuf",
        ("Scanner – IRM – Échographie – Mammographie", *_LINES[:2], "Tél. 02 99 00 02 00"),
        "Dr Armel QUÉRÉ",
        ("Radiologue",),
        staff=("Dr Armel QUÉRÉ", "Dr Salomé VIGNERON", "Dr Thibaud LANOË", "Radiologues"),
    ),
    title="Radiographie du thorax de face",
    fields=(("N° d'examen", "RX-26-118204"),),
    body=(
        "# Indication",
        "Dyspnée d'effort chez une patiente hypertendue.",
        "# Technique",
        "Un cliché de face debout en inspiration. PDS : 12 cGy·cm².",
        "# Résultats",
        (
            "Silhouette cardiaque à la limite supérieure de la normale (index cardiothoracique "
            "0,51). "
            "Pas de foyer parenchymateux. Culs-de-sac pleuraux libres. Trame vasculaire normale."
        ),
        "Pas de lésion osseuse visible. Hiles de taille et de morphologie normales.",
        "# Conclusion",
        "Cardiomégalie débutante, sans signe de décompensation ni foyer évolutif.",
    ),
    signature=("Dr Armel QUÉRÉ",),
    closing="Bien confraternellement,",
)

TICKET = _replace(
    CONSULTATION,
    style=Style.TICKET,
    letterhead=Letterhead(
        "Pharmacie des Lices", ("5, place des Lices", "35000 RENNES", "Tél. 02 99 00 03 00")
    ),
    title="Ticket de délivrance",
    place_and_date="03/05/2026 17:42",
    recipient=(),
    greeting=None,
    closing=None,
    fields=(("Prescripteur", "Dr ÉLAN"), ("Facture", "0260503-218")),
    body=(
        Table(
            ("Produit", "Qté", "Prix"),
            (
                ("PÉRINDOPRIL 8MG CPR 30", "1", "6,12"),
                ("FUROSÉMIDE 20MG CPR 30", "1", "2,38"),
                ("METFORMINE 1000MG CPR 90", "2", "8,94"),
                ("Honoraires de dispensation", "3", "3,06"),
            ),
        ),
        "**TOTAL 20,50 EUR**",
        "Part obligatoire 15,02 – Part complémentaire 5,48",
        "- Furosémide : le matin, 10 jours",
        "- Metformine : matin et soir au repas",
    ),
    signature=("Merci de votre confiance",),
    scribble="",
)

SCHOOL = _replace(
    CONSULTATION,
    style=Style.SCHOOL,
    letterhead=Letterhead(
        "Service de santé scolaire", ("Secteur Rennes-Centre", "9, quai de la Prévalaye")
    ),
    title="Projet d'accueil individualisé",
    reference=("Année scolaire 2025-2026",),
    patient=("Noé TANGUY", "Né le 9 septembre 2017 à Rennes"),
    fields=(
        ("École", "École élémentaire des Ormeaux"),
        ("Classe", "CE2"),
        ("Responsable légal", "Mme TANGUY"),
        ("Téléphone", "06 00 00 04 00"),
    ),
    greeting=None,
    closing=None,
    body=(
        "# Maladie et besoins",
        "Allergie à l'arachide et aux fruits à coque. Trousse d'urgence en classe.",
        "[x] Panier-repas fourni par la famille",
        "[ ] Repas servi sans aménagement",
        "[x] Sorties scolaires avec la trousse",
        "# Signes d'appel et conduite à tenir",
        Table(
            ("Signes", "Ce qu'il faut faire"),
            (
                ("Démangeaisons, boutons, nez qui coule", "Cétirizine 10 mg : 1 comprimé"),
                ("Toux, gêne pour respirer", "Salbutamol : 4 bouffées, à répéter"),
                (
                    "Malaise, voix rauque, deux signes à la fois",
                    "Adrénaline dans la cuisse, appeler le 15",
                ),
            ),
        ),
        "# Personnes à prévenir",
        "- Mère : 06 00 00 04 00 ; père : 06 00 00 04 01",
        "- Médecin traitant : Dr GARRIGUE, 02 99 00 04 10",
        "# Signatures",
        "Les parents, la directrice, le médecin scolaire.",
    ),
    signature=("Dr Maud PELLERIN", "Médecin de l'éducation nationale"),
    recipient=("Directrice de l'école", "Infirmière scolaire", "Famille"),
    scribble="pellerin",
)

EMERGENCY = _replace(
    CONSULTATION,
    style=Style.EMERGENCY,
    letterhead=Letterhead(
        "Centre hospitalier du Val de Vilaine",
        ("Service d'accueil des urgences", "Tél. 02 99 00 05 15"),
        "Dr Ronan GLAZIOU",
        ("Urgentiste",),
        codes=("26050319",),
    ),
    title="Observation médicale aux urgences",
    place_and_date="Passage du 3 mai 2026",
    reference=("IPP 800014522 – IEP 260503190",),
    fields=(
        ("Arrivée", "03/05/2026 19:04"),
        ("Mode", "VSAV"),
        ("Tri", "3A"),
        ("Box", "7"),
        ("Vu à", "19:37"),
        ("TA", "168/94"),
        ("FC", "104"),
        ("SpO₂", "95 %"),
        ("T°", "37,4 °C"),
        ("EVA", "6/10"),
    ),
    greeting=None,
    closing=None,
    body=(
        "# Motif de recours",
        "Douleur thoracique d'apparition brutale à 18 h 20, constrictive, sans irradiation.",
        "# Antécédents / traitements",
        "HTA, diabète de type 2. Périndopril 8 mg, metformine 1 000 mg × 2. Allergie : aucune.",
        "# Examen",
        "[x] Conscience normale   Glasgow 15",
        "[ ] Signe de choc",
        "[x] Douleur reproduite à la palpation",
        "Auscultation cardiaque régulière, sans souffle surajouté. Mollets souples.",
        "# Surveillance",
        Table(
            ("Heure", "TA", "FC", "SpO₂", "EVA", "Acte"),
            (
                ("19:10", "168/94", "104", "95 %", "6", "ECG 12 dérivations"),
                ("19:40", "151/88", "92", "97 %", "3", "Paracétamol 1 g IV"),
                ("20:45", "142/84", "84", "98 %", "1", "Troponine H0 : 6 ng/L"),
                ("22:05", "138/80", "80", "98 %", "0", "Troponine H3 : 7 ng/L"),
            ),
        ),
        "# Conclusion",
        (
            "Douleur pariétale. Retour à domicile à 22 h 40, consignes remises. Consultation du "
            "médecin traitant sous 72 heures."
        ),
    ),
    signature=("Dr Ronan GLAZIOU",),
    scribble="glaziou",
)

SAMPLES: dict[Style, Letter] = {
    Style.CLASSIC: CONSULTATION,
    Style.PRACTICE: _replace(CONSULTATION, style=Style.PRACTICE),
    Style.TYPEWRITER: _replace(CONSULTATION, style=Style.TYPEWRITER),
    Style.CLINIC: _replace(CONSULTATION, style=Style.CLINIC),
    Style.HOSPITAL: HOSPITAL,
    Style.LABORATORY: LABORATORY,
    Style.PRESCRIPTION: PRESCRIPTION,
    Style.BIZONE: BIZONE,
    Style.CERTIFICATE: CERTIFICATE,
    Style.IMAGING: IMAGING,
    Style.TICKET: TICKET,
    Style.SCHOOL: SCHOOL,
    Style.EMERGENCY: EMERGENCY,
}


def dressed(letter: Letter, key: str) -> Letter:
    """The letter on the paper of an invented house."""
    return _replace(letter, look=look_of(key))


PLAIN = Look()
