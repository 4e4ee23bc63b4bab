package sample

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"sigportal/internal/sig"
)

// The providers of the demo, by the keys that the directory uses.
const (
	IssuerStaff  = "staff"
	IssuerPolice = "police"
	IssuerEID    = "eid"
)

// Assurance levels of the invented people's eIDs.
const (
	LoA2 = "http://id.elegnamnden.se/loa/1.0/loa2"
	LoA3 = "http://id.elegnamnden.se/loa/1.0/loa3"
)

// Persona is one invented person who can sign in.
type Persona struct {
	ID             string // what scripts choose people by, such as "coordinator-farsta"
	Name           string
	Issuer         string
	Subject        string   // the provider's own name for the person, the same for ever
	StaffKey       string   // staff: the value of the claim that finds assignments
	PersonalNumber string   // citizens: twelve digits of the test series
	ACR            string   // how sure the eID is
	Functions      []string // staff: function@unit; citizens: youth or guardian
	Group          string   // the heading under which a page lists them
	Note           string   // in plain words, what this person is for
}

// staff are those in the directory file, by the key that finds them there.
var staff = []struct{ id, key, group, note string }{
	{"coordinator-farsta", "karin.ek@farsta.example", "Farsta", "SIG-samordnare"},
	{"deputy-coordinator-farsta", "maria.sand@farsta.example", "Farsta", "Vikarierande samordnare, har också uppdrag som socialsekreterare"},
	{"social-secretary-farsta", "nadia.holm@farsta.example", "Farsta", "Socialsekreterare"},
	{"second-officer-farsta", "eva.strand@farsta.example", "Farsta", "Biträdande enhetschef, andra handläggare"},
	{"open-care-farsta", "tove.lindvall@farsta.example", "Farsta", "Öppenvården"},
	{"field-assistant-farsta", "jonas.dahl@farsta.example", "Farsta", "Fältassistent i samma nämnd"},
	{"addiction-care-farsta", "siv.lund@farsta.example", "Farsta", "Vuxenenheten, utan del i ärendet"},
	{"caseworker-farsta", "olle.vik@farsta.example", "Farsta", "Anställd i nämnden utan del i något ärende"},
	{"registrar-farsta", "ingrid.alm@farsta.example", "Farsta", "Registrator"},
	{"log-reviewer-farsta", "lena.frost@farsta.example", "Farsta", "Loggranskare"},
	{"administrator-farsta", "aron.bly@farsta.example", "Farsta", "Administratör"},
	{"coordinator-skarholmen", "samir.haddad@skarholmen.example", "Andra nämnder", "SIG-samordnare i Skärholmen"},
	{"social-secretary-skarholmen", "britt.ros@skarholmen.example", "Andra nämnder", "Socialsekreterare i Skärholmen"},
	{"registrar-skarholmen", "ove.gren@skarholmen.example", "Andra nämnder", "Registrator i Skärholmen"},
	{"social-secretary-skarpnack", "gun.ask@skarpnack.example", "Andra nämnder", "Socialsekreterare i Skarpnäck"},
	{"social-secretary-jarva", "hanna.ny@jarva.example", "Andra nämnder", "Socialsekreterare i Järva"},
	{"field-assistant-jarva", "leo.strom@jarva.example", "Andra nämnder", "Fältassistent i Järva"},
	{"field-assistant-leisure", "elsa.norr@kulturfritid.example", "Andra nämnder", "Fältassistent under kultur- och fritidsnämnden"},
	{"kaa", "ture.lagg@arbetsmarknad.example", "Andra nämnder", "Kommunala aktivitetsansvaret"},
	{"police-farsta", "p1101@polisen.example", "Polisen", "Kommunpolis i Farsta"},
	{"police-lead-farsta", "p1100@polisen.example", "Polisen", "Gruppchef i Farsta"},
	{"police-jarva", "p2201@polisen.example", "Polisen", "Kommunpolis i Järva"},
	{"police-skarholmen", "p3301@polisen.example", "Polisen", "Kommunpolis i Skärholmen"},
	{"registrar-police", "p9001@polisen.example", "Polisen", "Polisens registrator"},
	{"principal", "agneta.roos@utbildning.example", "Skola", "Rektor på Farstaskolan"},
	{"school-counsellor", "malin.wik@utbildning.example", "Skola", "Skolkurator i elevhälsan"},
	{"pupil-health-lead", "stina.hall@utbildning.example", "Skola", "Samordnare för elevhälsan"},
	{"mentor", "fredrik.sjo@utbildning.example", "Skola", "Mentor på Farstaskolan"},
	{"registrar-school", "rut.palm@utbildning.example", "Skola", "Utbildningsnämndens registrator"},
	{"principal-private-school", "paula.rask@friskolan.example", "Skola", "Rektor på en friskola"},
	{"bup-nurse", "mira.sol@region.example", "Vård och förening", "Sjuksköterska på BUP"},
	{"registrar-region", "axel.rune@region.example", "Vård och förening", "Regionens registrator"},
	{"club-mentor", "tomas.boll@idrottsklubben.example", "Vård och förening", "Mentor i idrottsklubben"},
}

// citizens sign in with an eID.
var citizens = []struct{ id, name, number, acr, role, note string }{
	{"amir", "Amir Rahimi", "201103152391", LoA3, "youth", "Född 2011-03-15"},
	{"sara", "Sara Rahimi", "198304129821", LoA3, "guardian", "Amirs mamma, gemensam vårdnad"},
	{"omid", "Omid Rahimi", "198009039812", LoA3, "guardian", "Amirs pappa, gemensam vårdnad"},
	{"lina", "Lina Berggren", "200901202382", LoA3, "youth", "Född 2009-01-20, snart 18 år"},
	{"petra", "Petra Berggren", "197906219840", LoA3, "guardian", "Linas mamma"},
	{"anders", "Anders Berggren", "197711089834", LoA3, "guardian", "Linas pappa"},
	{"kim", "Kim Öberg", "201406052397", LoA3, "youth", "Född 2014-06-05"},
	{"helena", "Helena Öberg", "198602179866", LoA3, "guardian", "Kims mamma"},
	{"johan", "Johan Öberg", "198507299850", LoA3, "guardian", "Kims pappa"},
	{"maja", "Maja Wallin", "201011022389", LoA3, "youth", "Född 2010-11-02, skyddade personuppgifter"},
	{"disa", "Disa Wallin", "198212019882", LoA3, "guardian", "Majas mamma, skyddade personuppgifter"},
	{"viktor", "Viktor Hage", "198105169877", LoA3, "guardian", "Majas pappa, bor på annan ort"},
	{"loa2", "Bo Nilsson", "197508249898", LoA2, "", "Har bara en e-legitimation på tillitsnivå 2"},
}

// Personas lists everybody who can sign in: staff with the functions that the
// directory file gives them, then citizens.
func Personas() ([]Persona, error) {
	file, err := File()
	if err != nil {
		return nil, err
	}
	people := make([]Persona, 0, len(staff)+len(citizens))
	for _, s := range staff {
		p := Persona{ID: s.id, StaffKey: s.key, ACR: LoA3, Group: s.group, Note: s.note}
		for _, a := range file.Directory.Assignments {
			if a.StaffKey == s.key {
				p.Name, p.Issuer = a.Name, a.Issuer
				p.Functions = append(p.Functions, string(a.Function)+"@"+string(a.Unit))
			}
		}
		if p.Name == "" {
			return nil, fmt.Errorf("nobody in the invented city has the staff key of %s", s.id)
		}
		people = append(people, p)
	}
	for _, c := range citizens {
		p := Persona{
			ID: c.id, Name: c.name, Issuer: IssuerEID, PersonalNumber: c.number, ACR: c.acr, Group: "Familjer", Note: c.note,
		}
		if c.role != "" {
			p.Functions = []string{c.role}
		}
		people = append(people, p)
	}
	for i, p := range people {
		people[i].Subject = subject(p)
	}
	return people, nil
}

// subject is a name that says nothing of the person, as the profile asks.
func subject(p Persona) string {
	sum := sha256.Sum256([]byte("sample/" + p.Issuer + "/" + p.ID))
	return hex.EncodeToString(sum[:16])
}

// Find gives one persona by its id.
func Find(id string) (Persona, error) {
	people, err := Personas()
	if err != nil {
		return Persona{}, err
	}
	i := slices.IndexFunc(people, func(p Persona) bool { return p.ID == id })
	if i < 0 {
		return Persona{}, fmt.Errorf("the invented city has no %q", id)
	}
	return people[i], nil
}

// Number is a citizen's personal number as a value that checks itself.
func (p Persona) Number() (sig.PersonalNumber, error) {
	n, err := sig.ParsePersonalNumber(p.PersonalNumber)
	if err != nil {
		return sig.PersonalNumber{}, fmt.Errorf("the personal number of %s: %w", p.ID, err)
	}
	return n, nil
}
