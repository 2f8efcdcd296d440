using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Persons;

/// <summary>Dismissals from a server to the other nodes, and what came of them.</summary>
internal static class PersonsWire
{
    public static readonly IReadOnlyList<WireLine> Lines =
    [
        WireLine.For<TellDismissals, Proto.TellDismissals>(
            "tell-dismissals-v1",
            m => new Proto.TellDismissals { Persons = { m.Persons.Select(p => new Proto.DismissedPerson { Account = p.Account, Person = p.Person, EnteredTicks = WireValues.Ticks(p.Entered), By = p.By, ByAccount = p.ByAccount }) } },
            m => new TellDismissals([.. m.Persons.Select(p => new DismissedPerson(p.Account, p.Person, WireValues.Time(p.EnteredTicks), p.By, p.ByAccount))])),
        WireLine.For<DismissalsHeard, Proto.DismissalsHeard>(
            "dismissals-heard-v1",
            m => new Proto.DismissalsHeard { Heard = { m.Heard.Select(h => new Proto.DismissalHeard { Account = h.Account, Outcome = (int)h.Outcome, Why = h.Why }) }, Refused = m.Refused },
            m => new DismissalsHeard([.. m.Heard.Select(h => new DismissalHeard(h.Account, WireValues.Enum<DismissalOutcome>(h.Outcome), h.Why))], m.Refused)),
    ];
}
