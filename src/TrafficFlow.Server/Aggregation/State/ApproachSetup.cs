using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Server.Aggregation.State;

/// <summary>What an aggregator must know of its site: part of the configuration, not of its state.</summary>
/// <param name="Cameras">All cameras that feed the approach: a bin is observed where all of them watched.</param>
public sealed record ApproachSetup(SiteId Site, ApproachId Approach, IReadOnlyList<CameraId> Cameras, BinAlignment Alignment)
{
    /// <summary>All that may deliver: every camera of the site, for one that feeds the approach no more may still have counts, and its junction.</summary>
    public IReadOnlyCollection<CameraId> Senders { get; init; } = Cameras;

    /// <inheritdoc cref="Senders"/>
    public static IReadOnlyCollection<CameraId> SendersOf(Site site) => [.. site.Cameras.Select(c => c.Id), JunctionSetup.IdOf(site.Id)];

    /// <summary>Every approach that some camera of the site, or its junction, feeds.</summary>
    public static IReadOnlyList<ApproachSetup> Of(Site site)
    {
        var alignment = new BinAlignment(site.TimeZone);
        var senders = SendersOf(site);
        return
        [
            .. from camera in site.Feeders
            from approach in new MovementMapper(camera).Feeds
            group camera.Id by approach into feeding
            select new ApproachSetup(site.Id, feeding.Key, [.. feeding], alignment) { Senders = senders },
        ];
    }
}
