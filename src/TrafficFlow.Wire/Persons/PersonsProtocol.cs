using System.Collections.Immutable;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Persons;

/// <summary>Who was dismissed at a server, to /user/dismissals of every other node: each has accounts of its own. It may come again and again. Answered with <see cref="DismissalsHeard"/>.</summary>
public sealed record TellDismissals(ImmutableArray<DismissedPerson> Persons) : IWireMessage;

/// <param name="Account">By which the person logged in there; the same name means the same person in a cluster.</param>
/// <param name="Person">As the register there has it.</param>
/// <param name="Entered">When the dismissal was entered, by the clock of that server: who is appointed later is not dismissed by it, and told.</param>
/// <param name="By">Who entered it.</param>
/// <param name="ByAccount">How that was checked.</param>
public sealed record DismissedPerson(string Account, string Person, DateTimeOffset Entered, string By, string ByAccount);

/// <param name="Refused">Why nothing was done at all; empty where it was looked at.</param>
public sealed record DismissalsHeard(ImmutableArray<DismissalHeard> Heard, string Refused = "") : IWireMessage;

/// <param name="Why">For people, where it was not done; empty elsewhere.</param>
public sealed record DismissalHeard(string Account, DismissalOutcome Outcome, string Why = "");

public enum DismissalOutcome
{
    /// <summary>There is no such account.</summary>
    NoAccount = 0,

    /// <summary>The account is disabled, its sessions and tokens have ended: now or before.</summary>
    Done = 1,

    /// <summary>The person was appointed there after that, by the clocks of both: nothing was done.</summary>
    AppointedSince = 2,

    /// <summary>The register there says that the account is somebody else's.</summary>
    AnotherPerson = 3,

    /// <summary>It could not be done, as with the last custodian who can log in.</summary>
    Held = 4,
}
