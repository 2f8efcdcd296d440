using System.Collections.Immutable;
using Akka.Actor;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Roadside.Operations;

/// <summary>The cameras of a node as it reports them to the health board.</summary>
public static class CameraReports
{
    /// <summary>Takes no longer than twice the timeout; what does not answer by then is left out, or without its outbox.</summary>
    /// <returns>The reports, and why some are missing: empty where all answered.</returns>
    public static async Task<(ImmutableArray<CameraReport> Cameras, string Problem)> CollectAsync(
        ActorSystem system, IReadOnlyList<Site> sites, OperatorTimeouts? timeouts = null)
    {
        var local = (timeouts ?? new OperatorTimeouts()).Local;
        if (CameraActors.In(system) is not { } cameras) return ([], "its cameras are not started");
        if (await AskWithTimeout.AskAsync<CameraStatuses>(cameras, GetCameras.Instance, local) is not { } statuses) return ([], "its cameras do not answer");
        var outboxes = (await Task.WhenAll(CameraActors.OutboxesOf(cameras).Select(async o =>
            (o.Camera, Status: await AskWithTimeout.AskAsync<OutboxStatus>(o.Ref, GetOutboxStatus.Instance, local))))).ToLookup(o => o.Camera, o => o.Status);
        var detectors = sites.SelectMany(s => s.Feeders).ToLookup(c => c.Id, c => c.Detector);
        return ([.. statuses.Cameras.Select(s => Report(s, detectors[s.Camera].FirstOrDefault() ?? "", outboxes[s.Camera.Value].FirstOrDefault()))], "");
    }

    private static CameraReport Report(CameraStatus status, string detector, OutboxStatus? outbox) =>
        new(status, detector, CoverageNow(status), outbox is null ? null : new OutboxReport(outbox.Pending, outbox.Dropped));

    private static WatchState? CoverageNow(CameraStatus status) => status switch
    {
        { State: not CameraState.Streaming } => null,
        { Junction.IsViolated: true } => WatchState.Degraded,
        _ => new SceneVerdict(status.Scene).IsDegraded ? WatchState.Degraded : WatchState.Watching,
    };
}
