using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Release;

/// <summary>The approach whose bins are released.</summary>
/// <param name="Zone">The site's: days and months are those of its wall clock.</param>
/// <param name="Movements">
/// All that its gates can count, from the site file and not from what was counted: a cell that is there only when somebody passed would tell.
/// </param>
public sealed record ReleasedApproach(SiteId Site, ApproachId Approach, TimeZoneInfo Zone, IReadOnlyList<Movement> Movements)
{
    /// <summary>Of which streams classes are released.</summary>
    internal IReadOnlyList<Movement> DetailStreams(ClassDetail detail)
    {
        IReadOnlyList<Movement> turns = detail == ClassDetail.ByMovement ? [.. Movements.Where(IsTurn)] : [];
        return turns.Count > 0 ? turns : [.. Movements.Where(m => m == Movement.Entering)];
    }

    internal static bool IsTurn(Movement movement) => movement.Name.StartsWith("to ", StringComparison.Ordinal);
}

/// <summary>One revision of a closed bin of 15 minutes.</summary>
/// <param name="ClosedAt">When this revision was made; what settles is decided by it.</param>
public sealed record BinRevision(FlowBin Bin, DateTimeOffset ClosedAt);
