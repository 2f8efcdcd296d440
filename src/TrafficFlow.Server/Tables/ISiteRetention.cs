using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Server.Tables;

/// <summary>What the files of sites say of how long their journeys and counts are kept, whatever the tables would keep by themselves.</summary>
public interface ISiteRetention
{
    /// <summary>What must be gone now; empty where nothing must, and while the clock is not believed.</summary>
    IReadOnlyList<SiteLimit> Due(DateTimeOffset now);

    /// <summary>Tells in the audit what is about to be removed.</summary>
    /// <returns>False where that cannot be recorded: then nothing is removed.</returns>
    Task<bool> RecordAsync(SiteLimit limit, long rows, CancellationToken cancellation);
}

/// <param name="Kind"><see cref="KeptKind.Journeys"/> or <see cref="KeptKind.Counts"/>.</param>
/// <param name="Before">Event time: what was born before goes.</param>
/// <param name="Reason">Why, for the audit and for whoever asks for it later.</param>
public sealed record SiteLimit(SiteId Site, KeptKind Kind, DateTimeOffset Before, string Reason);
