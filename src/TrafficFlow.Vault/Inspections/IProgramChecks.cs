using TrafficFlow.Core.Custody;

namespace TrafficFlow.Vault.Inspections;

public enum CheckVerdict
{
    Good,
    Bad,

    /// <summary>The program cannot tell: a person has to look.</summary>
    Unknown,
}

/// <summary>What the program has found out about an item by itself.</summary>
/// <param name="Target">The camera or the folder; empty for the site.</param>
/// <param name="Figure">As it was measured, with its unit: 0.4 s, 231 GB of 1000 GB, moved.</param>
/// <param name="At">When that was so.</param>
public sealed record ProgramCheck(InspectionItem Item, string Target, CheckVerdict Verdict, string Figure, DateTimeOffset At);

/// <summary>Looks at what the program can look at itself.</summary>
public interface IProgramChecks
{
    /// <returns>As it is known now; nothing for what is not known at all.</returns>
    Task<IReadOnlyList<ProgramCheck>> LookAsync(string site, CancellationToken cancellation);
}
