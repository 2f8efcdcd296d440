using System.Collections.Immutable;
using System.Text.Json.Serialization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Erasure;

namespace TrafficFlow.Vault.Endings;

/// <summary>What the end of an experiment consists of, in the order in which it is done.</summary>
public enum EndStep
{
    /// <summary>Nothing is recorded any more.</summary>
    Recording = 0,

    /// <summary>Every recording that nothing holds is erased.</summary>
    Pictures = 1,

    /// <summary>What has reached its age of the other kinds is removed.</summary>
    Kinds = 2,

    /// <summary>What was copied, exported, carried and backed up is accounted for.</summary>
    Copies = 3,

    /// <summary>Tokens for this site alone are revoked.</summary>
    Tokens = 4,

    /// <summary>Operators are dismissed.</summary>
    Persons = 5,

    /// <summary>The report is signed and written.</summary>
    Report = 6,
}

/// <param name="Lines">What was done, for the report.</param>
/// <param name="Left">What could not be done, or is for somebody else to do, and why.</param>
public sealed record EndedStep(EndStep Step, DateTimeOffset At, IReadOnlyList<BilingualText> Lines, IReadOnlyList<BilingualText> Left);

/// <summary>The end of an experiment, as far as it has come: a crash goes on behind the last step that was done.</summary>
/// <param name="Id">Of the end: its date and a random part.</param>
/// <param name="Site">Null for the whole installation.</param>
/// <param name="Approval">Id of another person's approval; null where none is asked for.</param>
/// <param name="Ended">Null while it is under way.</param>
public sealed record EndState(string Id, SiteId? Site, string Reason, string By, string Account, string? Approval, DateTimeOffset Began, IReadOnlyList<EndedStep> Steps, DateTimeOffset? Ended)
{
    public EraseScope Scope => new(Site);

    /// <summary>Of the vault's ledger, kept with the end; the report has a list of its own.</summary>
    [JsonIgnore]
    public ImmutableArray<CopyEntry> Copies { get; init; } = [];

    public bool Has(EndStep step) => Steps.Any(s => s.Step == step);

    /// <summary>Whether nothing of this site is recorded any more.</summary>
    public bool Covers(SiteId site) => Site is not { } one || one == site;
}
