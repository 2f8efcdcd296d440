using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Server.Aggregation.State;

/// <summary>What an aggregator must know of its site: part of the configuration, not of its state.</summary>
/// <param name="Cameras">All cameras that feed the approach: a bin is observed where all of them watched.</param>
public sealed record ApproachSetup(SiteId Site, ApproachId Approach, IReadOnlyList<CameraId> Cameras, BinAlignment Alignment)
{
    /// <summary>Every approach that some camera of the site, or its junction, feeds.</summary>
    public static IReadOnlyList<ApproachSetup> Of(Site site)
    {
        var alignment = new BinAlignment(site.TimeZone);
        return
        [
            .. from camera in site.Feeders
            from approach in new MovementMapper(camera).Feeds
            group camera.Id by approach into feeding
            select new ApproachSetup(site.Id, feeding.Key, [.. feeding], alignment),
        ];
    }
}
