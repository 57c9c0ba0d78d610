"""Germs of urines and how antibiotics act on them."""

from __future__ import annotations

from datetime import date

from carnet.population.france.body import Body
from carnet.population.france.chance import Chance
from carnet.population.model import Germ, Susceptibility

_GERMS = (
    ("Escherichia coli", 76.0),
    ("Klebsiella pneumoniae", 7.0),
    ("Proteus mirabilis", 6.0),
    ("Staphylococcus saprophyticus", 4.0),
    ("Enterococcus faecalis", 7.0),
)
_RESISTANT = {  # of E. coli, usual shares
    "Amoxicilline": 0.44,
    "Amoxicilline - acide clavulanique": 0.24,
    "Mécillinam": 0.08,
    "Céfotaxime": 0.05,
    "Ofloxacine": 0.12,
    "Cotrimoxazole": 0.21,
    "Fosfomycine": 0.02,
    "Nitrofurantoïne": 0.02,
    "Gentamicine": 0.05,
}
_NATURAL = {
    "Klebsiella pneumoniae": {"Amoxicilline"},
    "Proteus mirabilis": {"Nitrofurantoïne"},
    "Enterococcus faecalis": {"Céfotaxime", "Mécillinam", "Ofloxacine", "Gentamicine"},
    "Staphylococcus saprophyticus": {"Fosfomycine", "Mécillinam"},
}


def germ_of(chance: Chance, body: Body, day: date) -> Germ:
    """A germ with its count and antibiogram; the culture named by the body, if it names one."""
    named = body.value("urine-culture", day)
    known = [name for name, _ in _GERMS]
    name = named if named in known else chance.weighted(list(_GERMS))
    natural = _NATURAL.get(name, set())
    return Germ(
        name=name,
        count=f"10^{chance.between(4, 6)} UFC/mL",
        antibiogram=tuple(
            Susceptibility(drug, "R" if drug in natural or chance.happens(share) else "S")
            for drug, share in _RESISTANT.items()
        ),
    )
